import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, readlink } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** The built CLI. */
export const cliProgram = fileURLToPath(new URL("../../dist/coordinator/main.js", import.meta.url));

/** Runs the CLI to its end. */
export async function fleetsweep(
  state: string,
  ...words: string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = start(state, words);
  const output = collect(child);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...output };
}

export interface RunningUp {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

/** Starts a verb and leaves it running. */
export function startCli(state: string, ...words: string[]): RunningUp {
  const child = start(state, words);
  return { child, output: collect(child), ended: endOf(child) };
}

function endOf(child: ChildProcess): Promise<number | null> {
  return once(child, "close").then(([code]) => code as number | null);
}

/** Starts `fleetsweep up` and waits until it says that it is up. */
export async function startUp(state: string, ...words: string[]): Promise<RunningUp> {
  const { child, output, ended } = startCli(state, "up", ...words);
  while (!output.stderr.includes("is up")) {
    await Promise.race([
      once(child.stderr ?? child, "data"),
      ended.then((code) => {
        throw new Error(`up ended with ${code}: ${output.stderr}`);
      }),
    ]);
  }
  return { child, output, ended };
}

/** Pids of the programs that work in a state directory, by what they are. */
export async function programsOf(state: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const words = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split("\0");
    if (!words.some((word) => word.startsWith(`${state}/`))) continue;
    const program = await readlink(`/proc/${pid}/exe`).catch(() => "");
    if (program.endsWith("nats-server")) found["nats-server"] = Number(pid);
    else if (words.includes("coordinator")) found["coordinator"] = Number(pid);
    else if (words.includes("agent")) found["agent"] = Number(pid);
  }
  return found;
}

function start(state: string, words: string[]): ChildProcess {
  return spawn(process.execPath, [cliProgram, ...words], {
    cwd: root,
    env: { ...process.env, FLEETSWEEP_STATE: state, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function collect(child: ChildProcess): { stdout: string; stderr: string } {
  const output = { stdout: "", stderr: "" };
  child.stdout?.on("data", (text: Buffer) => {
    output.stdout += text.toString();
  });
  child.stderr?.on("data", (text: Buffer) => {
    output.stderr += text.toString();
  });
  return output;
}
