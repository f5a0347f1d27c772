import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { readKnobHost } from "../../agent/knobs/host.ts";
import { nodeKnobHostProbe } from "../../agent/knobs/host-probe.ts";
import { runLaunch } from "../../agent/runner/launch.ts";
import type { LaunchPlan } from "../../agent/runner/launch-plan.ts";
import { type LaunchSystem, nodeLaunchSystem } from "../../agent/runner/launch-system.ts";
import { planLaunch } from "../../agent/runner/plan-launch.ts";
import { readCatalogue } from "../../agent/runners/catalogue.ts";
import { runnersConfigSchema } from "../../agent/runners/catalogue-config.ts";
import type { LaunchOutcome } from "../../shared/domain/result.ts";
import { cellsOf, onPus, quickMethod } from "../../shared/testing/launch-request.ts";

const program = fileURLToPath(new URL("../fixtures/runners/faulty.mjs", import.meta.url));
const values = ["none", "crash-timed@2", "kill-warm@3", "clock-back", "clock-ahead", "eat-timed"];
const catalogue = await readCatalogue({
  nodePath: process.execPath,
  ...runnersConfigSchema.parse({
    commands: {
      faulty: {
        argv: [process.execPath, program],
        version: "1",
        models: ["m"],
        parameters: { fault: { type: "choice", values, default: "none" } },
      },
    },
  }),
});
const knobHost = await readKnobHost(nodeKnobHostProbe);

function plan(fault: string): LaunchPlan {
  const planned = planLaunch({
    cells: cellsOf({ runner: "faulty", model: "m", fault }, [8]),
    placement: { instances: [onPus(0)], idlePus: [] },
    method: quickMethod({ launchTimeoutSeconds: 30 }),
    catalogue,
    knobHost,
  });
  if ("refused" in planned) throw new Error(planned.refused.reason);
  return planned;
}

async function run(planned: LaunchPlan, changes: Partial<LaunchSystem> = {}) {
  const real = nodeLaunchSystem(process);
  const pids: number[] = [];
  const system: LaunchSystem = {
    ...real,
    ...changes,
    spawn: (argv, environment) => {
      const child = (changes.spawn ?? real.spawn)(argv, environment);
      if (child.pid !== undefined) pids.push(child.pid);
      return child;
    },
  };
  const signal = new AbortController().signal;
  const report = await runLaunch(planned, { system, signal, onProgress: () => undefined });
  // What was killed is reaped, so that not even its number is left.
  await vi.waitFor(() => expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]));
  return report.outcomes.get("c8");
}

function codesOf(outcome: LaunchOutcome | undefined): readonly string[] {
  if (outcome?.type !== "measured") throw new Error(outcome?.message ?? "no outcome");
  return outcome.verdict.reasons.map(({ code }) => code);
}

test.each([
  ["crash-timed@2", "instance 3 of 4"],
  ["kill-warm@3", "instance 4 of 4"],
])("of four instances one that dies by %s ends the launch, and is named", async (fault, place) => {
  const one = plan(fault);
  // Tests run on hosts of two PUs: the four share one, which no plan of the product's would do.
  const instances = Array.from({ length: 4 }, () => onPus(0));
  const outcome = await run({ ...one, instances });
  expect(outcome).toMatchObject({ type: "failed", reason: "instance-lost" });
  expect(outcome?.type === "failed" && outcome.message).toContain(place);
});

test.each(["clock-back", "clock-ahead"])("a runner with %s is not believed", async (fault) => {
  const outcome = await run(plan(fault));
  expect(codesOf(outcome)).toContain("clock-jump");
  expect(outcome?.type === "measured" && outcome.verdict.status).toBe("invalid");
});

test("a sound clock is believed", async () => {
  expect(codesOf(await run(plan("none")))).not.toContain("clock-jump");
});

test("a program that takes the PUs during the timed calls makes the cell invalid", async () => {
  const stalling = fileURLToPath(new URL("../fixtures/runners/stalling.mts", import.meta.url));
  const busy = spawn("taskset", ["-c", "0", process.execPath, "-e", "for(;;);"], {
    stdio: "ignore",
  });
  try {
    const planned = plan("none");
    const argv = [process.execPath, "--import", "tsx", stalling];
    const method = quickMethod({ minSeconds: 1, maxSeconds: 3, warmupMaxSeconds: 0.2 });
    const cwd = fileURLToPath(new URL("../..", import.meta.url));
    const spawnHere: LaunchSystem["spawn"] = ([name = "", ...args], env) =>
      spawn(name, args, { detached: true, env: { ...env }, stdio: "pipe", cwd });
    const outcome = await run({ ...planned, argv, method }, { spawn: spawnHere });
    expect(codesOf(outcome)).toContain("foreign-cpu");
    expect(outcome?.type === "measured" && outcome.verdict.status).toBe("invalid");
  } finally {
    busy.kill("SIGKILL");
    await once(busy, "exit");
  }
});

const limitBytes = 256 * 1024 * 1024;

/** A control group whose processes are killed when they take more memory; null where none can be made. */
async function makeSmallGroup(): Promise<{ path: string; remove: () => Promise<void> } | null> {
  for (const [root, file] of [
    ["/sys/fs/cgroup/memory", "memory.limit_in_bytes"],
    ["/sys/fs/cgroup", "memory.max"],
  ] as const) {
    const path = join(root, `fleetsweep-test-${process.pid}`);
    try {
      await mkdir(path);
      await writeFile(join(path, file), `${limitBytes}`);
      await readFile(join(path, "cgroup.procs"));
      return { path, remove: () => rmdir(path) };
    } catch {
      await rmdir(path).catch(() => undefined);
    }
  }
  return null;
}

const group = await makeSmallGroup();

test.skipIf(group === null)(
  "in a small control group a runner that the kernel kills for its memory is oom-killed",
  async () => {
    if (group === null) return;
    const enter = `echo $$ > ${group.path}/cgroup.procs; exec "$@"`;
    const real = nodeLaunchSystem(process);
    const outcome = await run(plan("eat-timed"), {
      spawn: (argv, environment) => real.spawn(["sh", "-c", enter, "sh", ...argv], environment),
    });
    expect(outcome).toMatchObject({ type: "failed", reason: "oom-killed" });
    await vi.waitFor(() => group.remove());
  },
);
