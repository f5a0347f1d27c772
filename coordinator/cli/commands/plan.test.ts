import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runCli } from "../../../shared/cli/run-cli.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { captureIo } from "../../../shared/testing/capture-io.ts";
import { makeTopology } from "../../../shared/testing/topologies.ts";
import { serveOperators } from "../../../test/support/operator-server.ts";
import {
  doubt,
  failedLaunch,
  measuredLaunch,
  reportCell,
  reportInput,
} from "../../../test/support/report-input.ts";
import type { ReportInput } from "../../analysis/report-input.ts";
import { readCellIds } from "../../plan-view/compare-plan.ts";
import { readReport } from "../../read-report.ts";
import { commands } from "../registry.ts";

const folder = mkdtempSync(join(tmpdir(), "fleetsweep-plan-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const twoSockets = write(
  "two-sockets.json",
  JSON.stringify(
    makeTopology({ packages: 2, nodesPerPackage: 2, coresPerNode: 12, threadsPerCore: 2 }),
  ),
);
const oneSocket = write(
  "one-socket.json",
  JSON.stringify(makeTopology({ packages: 1, nodesPerPackage: 1, coresPerNode: 8 })),
);
const sweep = write(
  "mine.yaml",
  "axes: {runner: onnxruntime, placement: [one-socket, all-sockets, per-socket], dtype: [fp32, int8]}",
);

/** A coordinator on loopback that knows one sweep. */
async function coordinatorWith(input: ReportInput): Promise<string> {
  const store = {
    readReportInput: async (sweepId: string): Promise<ReportInput> => {
      if (sweepId === input.sweep.sweepId) return input;
      throw new FleetsweepError("sweep.not_found", `there is no sweep ${sweepId}`);
    },
    readTraces: async () => ({ launches: [], launchesMeasured: 0, cells: [], cellsMeasured: 0 }),
  };
  return await serveOperators({ report: (request) => readReport(store, request) });
}

async function run(...argv: readonly string[]) {
  const { io, result } = captureIo();
  await runCli({ description: "test", commands }, argv, { ...io, cwd: folder });
  return result;
}

test("a plan shows CPUs, NUMA nodes, what is left out and how long, in 80 columns", async () => {
  const { out, code } = await run("plan", "mine.yaml", "--on", twoSockets, oneSocket);
  expect(code).toBe(0);
  expect(out.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(out).toContain("two-sockets: 6 cells of 6 written, 30 process starts, about 4 min");
  expect(out).toMatch(/^ {2}all-sockets cores=48 +48 {2}0-47 +local 0-3$/m);
  expect(out).toMatch(/^ {2}per-socket cores=24 instances=2 +24 {2}0-23 +local 0-1$/m);
  expect(out).toMatch(/^ +2 {2}placement-exists {2}all-sockets: single package$/m);
  expect(out).toContain("mine: 8 cells on 2 hosts");
});

test("the JSON of a plan has every cell with its id, and tells what a change adds", async () => {
  const before = await run("plan", "mine.yaml", "--on", twoSockets, "-o", "json");
  const plan = JSON.parse(before.out) as {
    hosts: { cells: number; shards: { cells: { cell_id: string; placement: string }[] }[] }[];
  };
  const cells = plan.hosts.flatMap((host) => host.shards.flatMap((shard) => shard.cells));
  expect(cells).toHaveLength(6);
  expect(new Set(cells.map((cell) => cell.cell_id)).size).toBe(6);
  const earlier = write("plan.json", before.out);
  write(
    "changed.yaml",
    "axes: {runner: onnxruntime, placement: [one-socket, spread], dtype: [fp32, int8], cores: [4, all]}",
  );
  const { talk } = await run("plan", "changed.yaml", "--on", twoSockets, "--against", earlier);
  // Spread over all cores is all-sockets by another name: known, as is one-socket.
  expect(talk).toContain("against plan.json: 4 new cells, 4 known, 2 no longer there");
});

test("a plan is compared with a sweep that a coordinator knows, and says what can be used again", async () => {
  const { out } = await run("plan", "mine.yaml", "--on", twoSockets, "-o", "json");
  const ids = [...readCellIds(out).all];
  const [measured = "", spoiled = "", failed = "", missing = ""] = ids;
  const invalid = [1, 2].map((launch) => measuredLaunch(launch, 1e6, doubt("invalid", "steal")));
  const input = reportInput([
    reportCell({ cores: 1 }, [10, 10, 10, 10, 10], { cellId: measured }),
    reportCell({ cores: 2 }, [], { cellId: spoiled, launches: invalid }),
    reportCell({ cores: 3 }, [], {
      cellId: failed,
      launches: [1, 2].map(failedLaunch),
      terminal: "failed",
    }),
    reportCell({ cores: 4 }, [], { cellId: missing, terminal: null }),
    reportCell({ cores: 5 }, [10], { cellId: "f".repeat(20) }),
  ]);
  const coordinator = await coordinatorWith(input);
  const options = ["--on", twoSockets, "--coordinator", coordinator];
  const known = await run("plan", "mine.yaml", ...options, "--against", input.sweep.sweepId);
  expect(known.code).toBe(0);
  expect(known.talk.split("\n").slice(-6)).toEqual([
    `against sweep ${input.sweep.sweepId}: 2 new cells, 4 known (1 reusable), 1 no longer there`,
    ...ids.slice(4).map((id) => `  new       ${id}`),
    `  reusable  ${measured}`,
    `  gone      ${"f".repeat(20)}`,
    "",
  ]);
  const unknown = await run("plan", "mine.yaml", ...options, "--against", "no-such-sweep");
  expect(unknown).toMatchObject({ code: 2, out: "" });
  expect(unknown.talk).toContain("there is no sweep no-such-sweep");
  const noFile = await run("plan", "mine.yaml", ...options, "--against", "no/such.json");
  expect(noFile.talk).toContain("cannot read the plan");
  expect(noFile.code).toBe(2);
});

test("a plan without a cell, a bad file and bad words end with 2 and say why on stderr", async () => {
  const none = write("none.yaml", "axes: {runner: onnxruntime, placement: spread}");
  const empty = await run("plan", none, "--on", oneSocket);
  expect(empty).toMatchObject({ code: 2, out: "" });
  expect(empty.talk).toContain("one-socket: no cell can run here: spread: single package");
  write("bad.yaml", "axes: {runner: onnxruntime, cores: 0}");
  const bad = await run("plan", "bad.yaml", "--on", oneSocket);
  expect(bad).toMatchObject({ code: 2, out: "" });
  expect(bad.talk).toContain("bad.yaml:1:36: cores: 0 is less than 1");
  expect(await run("plan", "missing.yaml", "--on", oneSocket)).toMatchObject({ code: 2 });
  expect(await run("plan", "mine.yaml", "--on", sweep)).toMatchObject({ code: 2 });
  const words = await run("plan", "mine.yaml", "--on", oneSocket, "-o", "xml");
  expect(words.talk).toContain('-o takes table or json, not "xml"');
  expect(words.code).toBe(2);
});

test("presets are listed, printed and planned by name", async () => {
  const list = await run("presets");
  expect(list.out).toMatch(/^ {2}second-socket +Is my second socket worth it\?/m);
  expect(list.out.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect((await run("presets", "int8")).out).toMatch(/^# yaml-language-server/);
  const unknown = await run("presets", "second");
  expect(unknown.talk).toContain("no preset is called second; there are core-scaling, int8");
  const planned = await run("plan", "second-socket", "--on", twoSockets);
  expect(planned.out).toMatch(/^second-socket: 12 cells on 1 host, about \d+ min$/m);
});
