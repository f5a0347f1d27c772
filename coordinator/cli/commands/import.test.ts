import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "../../../shared/cli/run-cli.ts";
import { captureIo } from "../../../shared/testing/capture-io.ts";
import { makeTemporaryDirectory } from "../../../shared/testing/temporary-directory.ts";
import { commands } from "../registry.ts";

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
beforeEach(async () => {
  directory = await makeTemporaryDirectory();
  const host = { cpu: "Xeon Example", sockets: 2, cores_per_socket: 4, threads_per_core: 2 };
  const table = {
    columns: ["framework", "sequence_length", "cores", "latency_ms"],
    rows: [
      ["PyTorch", 32, 1, 40],
      ["PyTorch", 32, 4, 12],
      ["PyTorch", 32, 8, 10],
    ],
    constants: { batch_size: 1 },
  };
  const tables = { small: table, large: { ...table, constants: { batch_size: 8 } } };
  const document = { schema: "fleetsweep.blog.tables/1", host, software: {}, tables };
  await writeFile(join(directory.path, "published.json"), JSON.stringify(document));
});
afterEach(() => directory.remove());

async function run(...argv: readonly string[]) {
  const { io, result } = captureIo({ cwd: directory.path });
  await runCli({ description: "test", commands }, ["import", "published.json", ...argv], io);
  return result;
}

test("published tables become pages, one file each, named after their tables", async () => {
  const { code, talk } = await run("-o", "html", "--style", "blog", "--out", "page.html");
  expect([code, talk]).toEqual([0, "wrote page.small.html\nwrote page.large.html\n"]);
  const files = (await readdir(directory.path)).filter((name) => name.endsWith(".html"));
  expect(files.sort()).toEqual(["page.large.html", "page.small.html"]);
  const page = await readFile(join(directory.path, "page.small.html"), "utf8");
  expect(page).toContain("<title>small: fleetsweep report</title>");
  expect(page).toContain('id="figure-bars"');
});

test("one table is one page, also on standard output", async () => {
  const { code, out } = await run("-o", "html", "--table", "large");
  expect(code).toBe(0);
  expect(out).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
});

test.each([
  [["-o", "html"], "2 tables are 2 pages: choose one with --table, or give --out"],
  [["-o", "pdf"], 'no report format is called "pdf"'],
  [["--style", "x"], "x"],
  [["--table", "none"], "no latencies in that table; small, large"],
] as const)("%j ends with exit code 2 and says why", async (argv, why) => {
  const { code, talk } = await run(...argv);
  expect(code).toBe(2);
  expect(talk).toContain(why);
});
