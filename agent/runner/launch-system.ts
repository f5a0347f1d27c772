import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { nodeKnobHostProbe } from "../knobs/host-probe.ts";
import { type HostSettings, makeHostSettings } from "../knobs/host-settings.ts";
import { nodeSettingsFiles } from "../knobs/settings-files.ts";
import { nodeHostFiles, type WatchedFiles } from "./launch-files.ts";
import { type EndedScopes, endScopes } from "./launch-scopes.ts";
import type { OwnProcess } from "./step-aside.ts";

/** The host as a launch sees it; tests and captured machines put another one here. */
export interface LaunchSystem {
  /** Starts a program in a process group of its own, with exactly this environment. */
  readonly spawn: (
    argv: readonly string[],
    environment: Readonly<Record<string, string>>,
  ) => ChildProcessWithoutNullStreams;
  /** Kills a whole process group; one that is gone already is no failure. */
  readonly killGroup: (pid: number) => void;
  /** Kills one process; one that is gone already is no failure. */
  readonly kill: (pid: number) => void;
  /** Ends what is left in the scopes or cgroups of a launch. */
  readonly endScopes: (launchId: string) => Promise<EndedScopes>;
  readonly files: WatchedFiles;
  /** CLOCK_MONOTONIC in ns, the clock that every process of the host shares. */
  readonly nowNs: () => bigint;
  readonly hostSettings: HostSettings;
  readonly own: OwnProcess;
  /** CPU time that the agent itself has used, in seconds. */
  readonly ownCpuSeconds: () => number;
}

/** The real host; `main.ts` passes its own `process`. */
export function nodeLaunchSystem(owner: NodeJS.Process): LaunchSystem {
  return {
    spawn: ([program = "", ...args], environment) =>
      spawn(program, args, { detached: true, env: { ...environment }, stdio: "pipe", cwd: "/" }),
    killGroup: (pid) => kill(owner, -pid),
    kill: (pid) => kill(owner, pid),
    endScopes: (launchId) =>
      endScopes(launchId, {
        files: nodeHostFiles,
        uid: owner.geteuid?.() ?? 0,
        run: async (argv, environment) =>
          (await nodeKnobHostProbe.output(argv, environment)) !== null,
        sleep: (ms) => sleep(ms),
        write: nodeKnobHostProbe.write,
        removeDirectory: nodeKnobHostProbe.removeDirectory,
      }),
    files: nodeHostFiles,
    own: { pid: owner.pid, bindTo: (pus) => bindProcess(owner.pid, pus) },
    hostSettings: makeHostSettings(nodeSettingsFiles(), owner.pid),
    nowNs: () => owner.hrtime.bigint(),
    ownCpuSeconds: () => {
      const { user, system } = owner.cpuUsage();
      return (user + system) / 1e6;
    },
  };
}

/** Node cannot set an affinity itself. False where taskset is not there or was refused. */
async function bindProcess(pid: number, pus: string): Promise<boolean> {
  const args = ["--all-tasks", "--cpu-list", "--pid", pus, `${pid}`];
  const child = spawn("taskset", args, { stdio: "ignore", timeout: 5_000 });
  try {
    const [code] = (await once(child, "close")) as [number | null];
    return code === 0;
  } catch {
    return false;
  }
}

function kill(owner: NodeJS.Process, target: number): void {
  try {
    owner.kill(target, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
