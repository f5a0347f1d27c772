import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readKnobHost } from "../../agent/knobs/host.ts";
import { nodeKnobHostProbe } from "../../agent/knobs/host-probe.ts";
import { runLaunch } from "../../agent/runner/launch.ts";
import type { LaunchReport } from "../../agent/runner/launch-plan.ts";
import { nodeLaunchSystem } from "../../agent/runner/launch-system.ts";
import { planLaunch } from "../../agent/runner/plan-launch.ts";
import { bertSizes } from "../../agent/runners/bert/sizes.ts";
import { readCatalogue } from "../../agent/runners/catalogue.ts";
import { buildEncoder } from "../../agent/runners/onnxruntime/encoder-graph.ts";
import type { Cell } from "../../shared/domain/cell.ts";
import type { Method } from "../../shared/domain/method.ts";
import type { InstancePlacement } from "../../shared/domain/placement.ts";
import type { Measured } from "../../shared/domain/result.ts";
import { decodeSamples } from "../../shared/runtime/sample-codec.ts";
import { cellsOf, onPus, quickMethod } from "../../shared/testing/launch-request.ts";

let directory = "";
const knobHost = await readKnobHost(nodeKnobHostProbe);
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "onnxruntime-"));
});
afterAll(() => rm(directory, { recursive: true }));

interface Wanted {
  readonly cell: Cell;
  readonly lengths?: readonly number[];
  readonly instances?: readonly InstancePlacement[];
  readonly method?: Partial<Method>;
  /** Name → path of the operator's own models. */
  readonly models?: Readonly<Record<string, string>>;
  readonly phases?: string[];
  /** Runs once the catalogue is read. */
  readonly beforeLaunch?: () => Promise<void>;
}

async function launch(wanted: Wanted): Promise<LaunchReport> {
  const models = Object.entries(wanted.models ?? {}).map(([name, path]) => [
    name,
    { runner: "onnxruntime", path, dtype: "fp32" },
  ]);
  const plan = planLaunch({
    cells: cellsOf({ runner: "onnxruntime", dtype: "fp32", ...wanted.cell }, wanted.lengths ?? [8]),
    placement: { instances: wanted.instances ?? [onPus(0)], idlePus: [] },
    method: quickMethod(wanted.method),
    catalogue: await readCatalogue({
      nodePath: process.execPath,
      models: Object.fromEntries(models),
      commands: {},
    }),
    knobHost,
  });
  if ("refused" in plan) throw new Error(plan.refused.reason);
  await wanted.beforeLaunch?.();
  return await runLaunch(plan, {
    system: nodeLaunchSystem(process),
    signal: new AbortController().signal,
    onProgress: (cellId, phase) => wanted.phases?.push(`${cellId} ${phase}`),
  });
}

function measuredOf(report: LaunchReport, cellId = "c8"): Measured {
  const outcome = report.outcomes.get(cellId);
  if (outcome?.type !== "measured") throw new Error(outcome?.message ?? "no outcome");
  return outcome;
}

function codesOf({ verdict }: Measured): string[] {
  return verdict.reasons.map(({ code }) => code);
}

test("one launch measures every cell of its group", async () => {
  const phases: string[] = [];
  const cell = { model: "bert-tiny", dtype: "int8", spinning: false };
  const report = await launch({ cell, lengths: [8, 16], phases });
  expect(report.cancelled).toBe(false);
  expect([...report.outcomes.keys()]).toEqual(["c8", "c16"]);
  expect(phases).toContain("c16 measuring");
  for (const cellId of ["c8", "c16"]) {
    const measured = measuredOf(report, cellId);
    const [instance] = measured.instances;
    if (instance === undefined) throw new Error("no instance");
    expect(decodeSamples(instance.samples)).toHaveLength(instance.calls);
    expect(measured.medianNs).toBe(instance.medianNs);
    expect(measured.environment.readback["threads"]).toBe(1);
    expect(measured.environment.counters["cpu_seconds"]).toBeGreaterThanOrEqual(0);
    expect(codesOf(measured)).not.toContain("off-plan-affinity");
    expect(codesOf(measured)).not.toContain("knob-not-effective");
  }
});

test("bound threads, spinning and pools are in force, as the kernel and the session itself say", async () => {
  const asked = {
    thread_affinity: "each",
    spinning: false,
    execution_mode: "parallel",
    interop_threads: 2,
    arena: false,
    graph_optimization: "extended",
  };
  const report = await launch({ cell: { model: "bert-tiny", ...asked }, instances: [onPus(0, 1)] });
  const measured = measuredOf(report);
  expect(codesOf(measured)).not.toContain("knob-not-effective");
  expect(measured.environment.readback).toMatchObject({
    bound_pus: "1",
    allowed_pus: "0-1",
    session_spinning: false,
    session_execution_mode: "parallel",
    session_threads: 2,
    session_interop_threads: 2,
    session_arena: false,
    session_graph_optimization: "extended",
    allocator_file: expect.stringContaining("/libc."),
  });
});

test("instances start behind one barrier and share a window", async () => {
  const report = await launch({
    cell: { model: "bert-tiny", batch_size: 2 },
    instances: [onPus(0), onPus(1)],
    method: { minSeconds: 0.3 },
  });
  const { instances, samplesPerSecond, environment } = measuredOf(report);
  expect(instances).toHaveLength(2);
  expect(environment.counters["common_window_seconds"]).toBeGreaterThan(0);
  expect(environment.readback["checksums_agree"]).toBe(true);
  const alone = instances.map(({ calls, startedNs, endedNs }) => {
    return (2 * calls) / (Number(BigInt(endedNs) - BigInt(startedNs)) / 1e9);
  });
  const sum = alone.reduce((total, rate) => total + rate, 0);
  expect(samplesPerSecond / sum).toBeGreaterThan(0.7);
  expect(samplesPerSecond / sum).toBeLessThan(1.3);
});

test("an operator's own file gives the same output as the model that it was written from", async () => {
  const path = join(directory, "mine.onnx");
  const tiny = bertSizes["bert-tiny"];
  if (tiny === undefined) throw new Error("no bert-tiny");
  await writeFile(path, buildEncoder(tiny, "fp32", 1));
  const mine = measuredOf(await launch({ cell: { model: "mine" }, models: { mine: path } }));
  const ours = measuredOf(await launch({ cell: { model: "bert-tiny" } }));
  expect(mine.environment.readback["checksum"]).toBe(ours.environment.readback["checksum"]);
  expect(mine.environment.readback["model_sha256"]).toBe(ours.environment.readback["model_sha256"]);
});

test("a file that only starts like a model is named as the reason", async () => {
  const path = join(directory, "bad.onnx");
  await writeFile(path, Buffer.alloc(100, 0x08));
  const report = await launch({ cell: { model: "bad" }, models: { bad: path } });
  expect(report.outcomes.get("c8")).toMatchObject({
    type: "failed",
    reason: "model-invalid",
    message: expect.stringContaining(path),
  });
});

test("a file that went away after the agent's start is missing, and no crash", async () => {
  const path = join(directory, "gone.onnx");
  await writeFile(path, Buffer.alloc(100, 0x08));
  const beforeLaunch = (): Promise<void> => rm(path);
  const report = await launch({ cell: { model: "gone" }, models: { gone: path }, beforeLaunch });
  expect(report.outcomes.get("c8")).toMatchObject({ reason: "model-missing" });
});

test("a cell beyond the positions of the model fails alone", async () => {
  const report = await launch({ cell: { model: "bert-tiny" }, lengths: [513, 8] });
  expect(report.outcomes.get("c513")).toMatchObject({ type: "failed", reason: "cell-unsupported" });
  expect(measuredOf(report).medianNs).toBeGreaterThan(0);
});

test("a foreign busy loop on the CPU set makes the cell invalid", async () => {
  const loop = spawn("taskset", ["-c", "0", process.execPath, "-e", "for(;;);"]);
  try {
    const report = await launch({ cell: { model: "bert-tiny" }, method: { minSeconds: 1 } });
    const measured = measuredOf(report);
    expect(measured.verdict.status).toBe("invalid");
    expect(codesOf(measured)).toContain("foreign-cpu");
  } finally {
    loop.kill("SIGKILL");
  }
});
