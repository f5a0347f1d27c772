import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { readSync } from "node:fs";
import { type FileHandle, open, readdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { nodeKnobHostProbe } from "../knobs/host.ts";
import { type HostSettings, makeHostSettings } from "../knobs/host-settings.ts";
import { nodeSettingsFiles } from "../knobs/settings-files.ts";
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

/** Small files under /proc and /sys. */
export interface HostFiles {
  /** The text, or null where the file is absent or not readable. */
  readonly read: (path: string) => Promise<string | null>;
  /** The names in a directory, or none where it is absent. */
  readonly list: (path: string) => Promise<readonly string[]>;
}

/** The same for what is read while something is measured. */
export interface WatchedFiles extends HostFiles {
  /** Keeps a file open, to be read at once and at the least cost; null where it is absent or not readable. */
  readonly hold: (path: string) => Promise<HeldFile | null>;
}

/** A small file of /proc or /sys, whose text is made anew for every reading. */
export interface HeldFile {
  /** Null where it can no longer be read. */
  readonly text: () => string | null;
  readonly close: () => void;
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

const nodeHostFiles: WatchedFiles = {
  read: (path) =>
    open(path, "r").then(
      (file) => readText(file),
      () => null,
    ),
  list: (path) => readdir(path).catch(() => []),
  hold: (path) =>
    open(path, "r").then(
      (file) => hold(file),
      () => null,
    ),
};

const reading = {
  /** The kernel gives most files of /proc a page at a time. */
  bytes: 16_384,
  /** As many reads as Node has threads for, and some that wait. */
  spareBuffers: 16,
} as const;

/**
 * Node's own readFile takes 64 KiB outside of its heap for each file of which the size is not known beforehand: of
 * the hundreds that a cell takes that is a collection of garbage every few cells, some of them in timed phases.
 */
const spareBuffers: Buffer[] = [];

async function readText(file: FileHandle): Promise<string | null> {
  const buffer = spareBuffers.pop() ?? Buffer.allocUnsafeSlow(reading.bytes);
  let text = "";
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, reading.bytes, null);
      if (bytesRead === 0) return text;
      text += buffer.toString("latin1", 0, bytesRead);
    }
  } catch {
    return null; // The process that it told of is gone.
  } finally {
    if (spareBuffers.length < reading.spareBuffers) spareBuffers.push(buffer);
    await file.close().catch(() => undefined);
  }
}

/** One value and its line end; what is longer is no file to be held. */
const heldBytes = 64;

function hold(file: FileHandle): HeldFile {
  const buffer = Buffer.alloc(heldBytes);
  return {
    text: () => {
      try {
        return buffer.toString("latin1", 0, readSync(file.fd, buffer, 0, heldBytes, 0));
      } catch {
        return null;
      }
    },
    close: () => {
      file.close().catch(() => undefined);
    },
  };
}
