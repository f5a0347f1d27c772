import { expect, test } from "vitest";
import { runCli } from "../../shared/cli/run-cli.ts";
import { captureIo } from "../../shared/testing/capture-io.ts";
import { commands } from "./registry.ts";

/** An empty directory stands for a host that says nothing. */
const bareTree = import.meta.dirname;

async function run(...argv: readonly string[]) {
  const { io, result } = captureIo();
  await runCli({ description: "test", commands }, argv, io);
  return result;
}

test("topology prints JSON to standard output and nothing else", async () => {
  const { out, talk, code } = await run("topology", "--json", "--sysroot", bareTree);
  expect(JSON.parse(out)).toMatchObject({ schema: "topology-truth/1", cores: [] });
  expect([talk, code]).toEqual(["", 0]);
});

test("topology draws a host that says nothing", async () => {
  const { out } = await run("topology", "--full", "--sysroot", bareTree);
  expect(out).toContain("packages unknown");
  expect(out).toContain("unknown: no /proc/cpuinfo");
});

test("doctor ends with 1 where something is serious", async () => {
  const { out, code } = await run("doctor", "--json", "--sysroot", bareTree);
  expect(JSON.parse(out)).toMatchObject({ serious: 1 });
  expect(code).toBe(1);
});

test("a tree that is not there and a word that is no verb are bad input", async () => {
  const missing = await run("topology", "--sysroot", "/does/not/exist");
  expect([missing.code, missing.out]).toEqual([2, ""]);
  expect(missing.talk).toContain("/does/not/exist");
  expect((await run("topolgy")).code).toBe(2);
  expect((await run("topology", "--wide")).code).toBe(2);
});

test("help is data and no failure", async () => {
  const { out, code } = await run("--help");
  expect(out).toContain("doctor");
  expect(code).toBe(0);
});
