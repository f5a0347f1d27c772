import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "../../../shared/cli/run-cli.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { loadServices } from "../../../shared/rpc/load-proto.ts";
import { captureIo } from "../../../shared/testing/capture-io.ts";
import { syntheticInput, syntheticTraces } from "../../../test/support/synthetic-report.ts";
import { figureKinds } from "../../figures/registry.ts";
import { readReport } from "../../read-report.ts";
import { type OperatorHub, operatorHandlers } from "../../rpc/operator.ts";
import { commands } from "../registry.ts";

const input = syntheticInput(["xeon-a"]);
const { sweepId } = input.sweep;
const folder = mkdtempSync(join(tmpdir(), "fleetsweep-figure-"));
let address = "";
let server: Server;

/** A coordinator on loopback that knows one sweep. */
beforeAll(async () => {
  server = new Server();
  const store = {
    readReportInput: async (id: string) => {
      if (id === sweepId) return input;
      throw new FleetsweepError("sweep.not_found", `there is no sweep ${id}`);
    },
    readTraces: async () => syntheticTraces(input),
  };
  const hub: Pick<OperatorHub, "report"> = { report: (request) => readReport(store, request) };
  const { OperatorService } = loadServices();
  server.addService(OperatorService.service, { ...operatorHandlers(hub as OperatorHub) });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  address = `127.0.0.1:${port}`;
});
afterAll(() => {
  server.forceShutdown();
  rmSync(folder, { recursive: true });
});

async function run(...words: readonly string[]) {
  const { io, result } = captureIo({ cwd: folder });
  const place = words.includes("--list") ? [] : ["--coordinator", address];
  await runCli({ description: "test", commands }, [...words, ...place], io);
  return result;
}

test("the list has every figure with what it answers, and needs no coordinator", async () => {
  const { out, code } = await run("figure", "--list");
  expect(code).toBe(0);
  expect(
    out
      .trimEnd()
      .split("\n")
      .map((line) => line.split(" ")[0]),
  ).toEqual(figureKinds.map(({ name }) => name));
});

test("a figure is drawn in the terminal, in 80 columns", async () => {
  const { out, code } = await run("figure", sweepId, "speed-up");
  expect(code).toBe(0);
  expect(out).toMatch(/^Speed-up over one core\n/);
  expect(out).toContain("n = 5 launches a cell");
  expect(Math.max(...out.split("\n").map((line) => Array.from(line).length))).toBeLessThanOrEqual(
    80,
  );
});

test("SVG goes to standard output, a PNG into a file of its name, and --out decides otherwise", async () => {
  const { out } = await run("figure", sweepId, "coverage", "-o", "svg");
  expect(out).toMatch(/^<svg xmlns=/);
  expect(await run("figure", sweepId, "coverage", "-o", "png")).toMatchObject({
    code: 0,
    out: "",
    talk: "wrote coverage.png\n",
  });
  expect(readFileSync(join(folder, "coverage.png")).subarray(1, 4).toString()).toBe("PNG");
  await run("figure", sweepId, "latency", "-o", "svg", "--out", "deep/er/l.svg", "--style", "blog");
  expect(readFileSync(join(folder, "deep/er/l.svg"), "utf8")).toContain("clustered bars");
});

test("an HTML report goes into a file", async () => {
  const { talk, code } = await run("report", sweepId, "-o", "html", "--out", "r.html");
  expect({ talk, code }).toEqual({ talk: "wrote r.html\n", code: 0 });
  expect(readFileSync(join(folder, "r.html"), "utf8")).toMatch(/^<!doctype html>/);
});

test.each([
  [["figure", sweepId, "speedup"], "did you mean speed-up?"],
  [["figure", sweepId], "usage: fleetsweep figure SWEEP NAME"],
  [["figure", sweepId, "latency", "-o", "gif"], 'no picture format is called "gif"'],
  [["figure", sweepId, "latency", "--style", "x"], 'no style is called "x"'],
  [["report", sweepId, "-o", "pdf"], 'no report format is called "pdf"'],
  [["figure", "nope", "latency"], "there is no sweep nope"],
  [["figure", sweepId, "latency", "-o", "svg", "--out", "/proc/no/l.svg"], "cannot write"],
])("%j is refused: %s", async (words, message) => {
  const { code, talk } = await run(...words);
  expect(code).toBe(2);
  expect(talk).toContain(message);
});
