import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readKnobHost } from "../../agent/knobs/host.ts";
import { nodeKnobHostProbe } from "../../agent/knobs/host-probe.ts";
import { runLaunch } from "../../agent/runner/launch.ts";
import type { LaunchPlan } from "../../agent/runner/launch-plan.ts";
import { type LaunchSystem, nodeLaunchSystem } from "../../agent/runner/launch-system.ts";
import { planLaunch } from "../../agent/runner/plan-launch.ts";
import type { LaunchDeps } from "../../agent/runner/running-launch.ts";
import { readCatalogue } from "../../agent/runners/catalogue.ts";
import { runnersConfigSchema } from "../../agent/runners/catalogue-config.ts";
import type { LaunchFailure } from "../../shared/domain/result.ts";
import { cellsOf, onPus, quickMethod } from "../../shared/testing/launch-request.ts";

const program = fileURLToPath(new URL("../fixtures/runners/faulty.mjs", import.meta.url));
const knobHost = await readKnobHost(nodeKnobHostProbe);
const places = ["ready", "warm", "timed"];
const kinds = "crash exit-0 kill hang busy garbage broken early flood decline escape litter".split(
  " ",
);
const faults = [
  "none",
  "stubborn",
  "wrong-threads",
  "wrong-cell",
  ...kinds.flatMap((kind) => places.flatMap((place) => [`${kind}-${place}`, `${kind}-${place}@1`])),
];
const catalogue = await readCatalogue({
  nodePath: process.execPath,
  ...runnersConfigSchema.parse({
    commands: {
      faulty: {
        argv: [process.execPath, program],
        version: "1",
        models: ["m"],
        parameters: { fault: { type: "choice", values: faults, default: "none" } },
      },
    },
  }),
});

function plan(fault: string, instances = 1, timeoutSeconds = 20): LaunchPlan {
  const planned = planLaunch({
    cells: cellsOf({ runner: "faulty", model: "m", fault }, [8, 16]),
    placement: { instances: [onPus(0), onPus(1)].slice(0, instances), idlePus: [] },
    method: quickMethod({ launchTimeoutSeconds: timeoutSeconds }),
    catalogue,
    knobHost,
  });
  if ("refused" in planned) throw new Error(planned.refused.reason);
  return planned;
}

interface Started {
  readonly deps: LaunchDeps;
  readonly pids: number[];
}

function watched(signal = new AbortController().signal): Started {
  const pids: number[] = [];
  const real = nodeLaunchSystem(process);
  const system: LaunchSystem = {
    ...real,
    spawn: (argv, environment) => {
      const child = real.spawn(argv, environment);
      if (child.pid !== undefined) pids.push(child.pid);
      return child;
    },
  };
  return { deps: { system, signal, onProgress: () => undefined }, pids };
}

/** Processes of the given groups that still exist, zombies of other parents aside. */
function survivors(groups: readonly number[]): string[] {
  const table = execFileSync("ps", ["-e", "-o", "pgid=,stat=,args="], { encoding: "utf8" });
  return table
    .split("\n")
    .filter(
      (line) => groups.includes(Number(line.trim().split(/\s+/)[0])) && !/^\s*\d+\s+Z/.test(line),
    );
}

async function failureOf(fault: string, cellId: string, instances = 1): Promise<LaunchFailure> {
  const { deps, pids } = watched();
  const isHang = /^(hang|busy)/.test(fault);
  const report = await runLaunch(plan(fault, instances, isHang ? 1.5 : 20), deps);
  expect(survivors(pids)).toEqual([]);
  const outcome = report.outcomes.get(cellId);
  if (outcome?.type !== "failed") throw new Error(`${cellId} did not fail`);
  return outcome;
}

const atStart = [
  ["crash-ready", "crashed"],
  ["exit-0-ready", "crashed"],
  ["kill-ready", "killed"],
  ["hang-ready", "timeout"],
  ["garbage-ready", "garbage-output"],
  ["broken-ready", "protocol"],
  ["early-ready", "protocol"],
  ["decline-ready", "model-missing"],
] as const;

test.each(atStart)("%s fails every cell of the launch as %s", async (fault, reason) => {
  for (const cellId of ["c8", "c16"]) {
    expect(await failureOf(fault, cellId)).toMatchObject({ reason });
  }
});

const inCell = [
  ["crash-warm", "crashed"],
  ["crash-timed", "crashed"],
  ["exit-0-timed", "crashed"],
  ["kill-timed", "killed"],
  ["hang-warm", "timeout"],
  ["hang-timed", "timeout"],
  ["busy-timed", "timeout"],
  ["garbage-timed", "garbage-output"],
  ["flood-timed", "garbage-output"],
  ["broken-warm", "protocol"],
  ["wrong-cell", "protocol"],
] as const;

test.each(inCell)("%s fails its own cell as %s and leaves no process", async (fault, reason) => {
  expect(await failureOf(fault, "c8")).toMatchObject({ reason });
});

test("a crash brings the end of stderr along", async () => {
  const failure = await failureOf("crash-timed", "c8");
  expect(failure.stderrTail).toContain("the last words of a faulty runner");
  expect(failure.message).toContain("exit code 7");
});

test("cells after a failed one have no outcome, and wait for another launch", async () => {
  const { deps } = watched();
  const report = await runLaunch(plan("crash-timed"), deps);
  expect([...report.outcomes.keys()]).toEqual(["c8"]);
});

test("a runner that declines a cell stays for the next", async () => {
  const { deps } = watched();
  const report = await runLaunch(plan("decline-warm"), deps);
  expect([...report.outcomes.values()].map((outcome) => outcome.type)).toEqual([
    "failed",
    "failed",
  ]);
});

test("one instance that dies among several is told apart from a runner that crashes", async () => {
  const failure = await failureOf("crash-timed@1", "c8", 2);
  expect(failure.reason).toBe("instance-lost");
  expect(failure.message).toContain("instance 2 of 2");
});

test("a kill is called out-of-memory where the kernel counted one meanwhile", async () => {
  const { deps } = watched();
  let kills = 0;
  const files = {
    ...deps.system.files,
    read: async (path: string) =>
      path === "/proc/vmstat" ? `oom_kill ${kills++}\n` : await deps.system.files.read(path),
  };
  const report = await runLaunch(plan("kill-timed"), {
    ...deps,
    system: { ...deps.system, files },
  });
  expect(report.outcomes.get("c8")).toMatchObject({ reason: "oom-killed" });
});

test("a runner that leaves its CPU set makes its cells invalid", async () => {
  const { deps } = watched();
  const report = await runLaunch(plan("escape-warm"), deps);
  const outcome = report.outcomes.get("c8");
  if (outcome?.type !== "measured") throw new Error("not measured");
  expect(outcome.verdict.status).toBe("invalid");
  expect(outcome.verdict.reasons.map(({ code }) => code)).toContain("off-plan-affinity");
});

test("a runner with other threads than asked for makes its cells invalid", async () => {
  const { deps } = watched();
  const outcome = (await runLaunch(plan("wrong-threads"), deps)).outcomes.get("c8");
  if (outcome?.type !== "measured") throw new Error("not measured");
  expect(outcome.verdict.reasons.map(({ code }) => code)).toContain("knob-not-effective");
});

test.each(["stubborn", "litter-timed"])("%s leaves no process behind", async (fault) => {
  const { deps, pids } = watched();
  const report = await runLaunch(plan(fault), deps);
  expect([...report.outcomes.values()].map(({ type }) => type)).toEqual(["measured", "measured"]);
  expect(survivors(pids)).toEqual([]);
});

test.each([
  ["found by the tool that binds it", (all: LaunchPlan["settings"]) => all, "crashed"],
  ["found by the kernel", () => [], "start-failed"],
] as const)("a program that is not there is %s", async (_, settingsOf, reason) => {
  const { deps } = watched();
  const whole = plan("none");
  const report = await runLaunch(
    { ...whole, argv: ["/no/such/program"], settings: settingsOf(whole.settings) },
    deps,
  );
  expect(report.outcomes.get("c16")).toMatchObject({ type: "failed", reason });
});

test("a signal that is aborted already starts nothing", async () => {
  const { deps, pids } = watched(AbortSignal.abort());
  expect(await runLaunch(plan("none"), deps)).toEqual({ outcomes: new Map(), cancelled: true });
  expect(pids).toEqual([]);
});

test("cancelling ends a launch that hangs, and fails no cell", async () => {
  const cancel = new AbortController();
  const { deps, pids } = watched(cancel.signal);
  const report = await runLaunch(plan("hang-timed"), {
    ...deps,
    onProgress: (_, phase) => {
      if (phase === "measuring") cancel.abort();
    },
  });
  expect(report.cancelled).toBe(true);
  expect(report.outcomes.size).toBe(0);
  expect(survivors(pids)).toEqual([]);
});

test("the environment holds nothing but what the launch sets", async () => {
  const { deps } = watched();
  const outcome = (await runLaunch(plan("none"), deps)).outcomes.get("c8");
  if (outcome?.type !== "measured") throw new Error("not measured");
  const names = String(outcome.environment.readback["environment"]).split(",");
  expect(names).toEqual(
    ["LC_ALL", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PATH"].sort(),
  );
});
