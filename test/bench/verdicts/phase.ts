import { statSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { reportSteps } from "../../../coordinator/analysis/build-report.ts";
import { comparisonSteps } from "../../../coordinator/analysis/compare/compare-sides.ts";
import { parseSide } from "../../../coordinator/analysis/compare/side.ts";
import { reportParts } from "../../../coordinator/read-report.ts";
import { renderHtml } from "../../../coordinator/report/html/render-html.ts";
import { openProjection, type Projection } from "../../../coordinator/store/projection.ts";
import type { ProjectedEntry } from "../../../coordinator/store/rows.ts";
import { makeRandomSource } from "../../../coordinator/tuner/random.ts";
import { applyEvent, emptyLogState } from "../../../shared/domain/fold.ts";
import { doInTurns } from "../../../shared/runtime/do-in-turns.ts";
import { makeTopology } from "../../../shared/testing/topologies.ts";
import { fleet, makeCells, sweepEvents } from "./events.ts";

/** One phase in a process of its own, so that its memory is its own: phase.ts ingest|report|compare DIR RESULTS. */
const phases = { ingest, report, compare };
const [phase = "", directory = "", results = "0"] = process.argv.slice(2);
const file = join(directory, "projection.duckdb");
const store = await openProjection(file);
if (!Object.hasOwn(phases, phase)) throw new Error(`no phase ${phase}`);
const figures = await phases[phase as keyof typeof phases](store);
await store.close();
const peakMiB = Math.round(process.resourceUsage().maxRSS / 1_024);
const fileMiB = Math.round(statSync(file).size / 2 ** 20);
process.stdout.write(`${JSON.stringify({ ...figures, peakMiB, fileMiB })}\n`);

/** Only the time that the projection takes counts, not that of making and folding the events. */
async function ingest(projection: Projection) {
  const topology = makeTopology({ packages: 2, nodesPerPackage: 1, coresPerNode: 40 });
  for (let host = 1; host <= fleet.hosts; host += 1) {
    const facts = { agentVersion: "0.1.0", runnersJson: "[]", labels: {}, observedAtMs: 1 };
    await projection.putHost({ hostId: `h${host}`, topology, ...facts });
  }
  const cells = makeCells(Number(results) / (fleet.hosts * fleet.launches * fleet.cellsASetting));
  const state = emptyLogState();
  let [seq, busyMs] = [0, 0];
  let batch: ProjectedEntry[] = [];
  const flush = async (): Promise<void> => {
    const started = performance.now();
    await projection.apply(batch);
    busyMs += performance.now() - started;
    batch = [];
  };
  for (const event of sweepEvents("s1", cells, makeRandomSource(1))) {
    seq += 1;
    batch.push({ seq, ...applyEvent(state, event) });
    if (batch.length === 1_024) await flush();
  }
  await flush();
  return { perSecond: Math.round(Number(results) / (busyMs / 1_000)) };
}

async function report(projection: Projection) {
  const [readS, input] = await timed(() => projection.readReportInput("s1"));
  const [tracesS, traces] = await timed(() => projection.readTraces("s1"));
  const held = watchHolds();
  const [reportS, built] = await timed(() => doInTurns(reportSteps(input, { traces })));
  const reportHoldMs = held();
  const [partsS, characters] = await timed(async () => {
    let sum = 0;
    for (const { rowsJson = "", headerJson = "" } of reportParts(built)) {
      sum += rowsJson.length + headerJson.length;
    }
    return sum;
  });
  const [pageS, page] = await timed(async () => renderHtml(built));
  const sizes = { documentMiB: characters / 2 ** 20, pageKiB: Buffer.byteLength(page) / 2 ** 10 };
  return {
    cells: built.rows.length,
    readS,
    tracesS,
    reportS,
    reportHoldMs,
    partsS,
    pageS,
    ...sizes,
  };
}

/** One host against another, from the database to the comparison, as the verb has it. */
async function compare(projection: Projection) {
  const [a, b] = [",host=h1", ",host=h2"].map((filter) => parseSide(`s1${filter}`));
  if (a === undefined || b === undefined) throw new Error("no sides");
  const scope = { withCalls: false };
  const [compareReadS, input] = await timed(() => projection.readReportInput("s1", scope));
  const held = watchHolds();
  const request = { a, b, objective: "latency", margin: 0.01 } as const;
  const [compareS, { cells }] = await timed(() =>
    doInTurns(comparisonSteps({ a: input, b: input }, request)),
  );
  const compareHoldMs = held();
  if (cells.length * fleet.hosts !== input.cells.length) throw new Error("cells are missing");
  return { compareReadS, compareS, compareHoldMs };
}

/** Watches for how long nothing else had its turn; returns the longest of it in ms. */
function watchHolds(): () => number {
  const watch = monitorEventLoopDelay({ resolution: 1 });
  watch.enable();
  return () => {
    watch.disable();
    return watch.max / 1e6;
  };
}

async function timed<Value>(work: () => Promise<Value>): Promise<[seconds: number, value: Value]> {
  const started = performance.now();
  const value = await work();
  return [(performance.now() - started) / 1_000, value];
}
