import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

export interface ProgramRun {
  /** Null where a signal or the time ended it. */
  readonly code: number | null;
  readonly stdout: string;
  /** The last {@link limits.stderrChars} characters. */
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const limits = { stderrChars: 4_096 } as const;

/** Runs a program to its end. Never throws for what the program does. */
export async function runProgram(
  [program = "", ...args]: readonly string[],
  { environment, timeoutMs, signal }: ProgramOptions,
): Promise<ProgramRun> {
  const ends = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const child = spawn(program, args, {
    env: { ...environment },
    cwd: "/",
    stdio: ["ignore", "pipe", "pipe"],
    signal: ends,
    killSignal: "SIGKILL",
  });
  const failed = once(child, "error").then(([error]) => error as Error);
  const closed = once(child, "close").then(([code]) => code as number | null);
  const [stdout, stderr, end] = await Promise.all([
    text(child.stdout).catch(() => ""),
    text(child.stderr).catch(() => ""),
    Promise.race([closed, failed]),
  ]);
  if (typeof end === "number" || end === null) {
    return { code: end, stdout, stderr: stderr.slice(-limits.stderrChars) };
  }
  const why =
    ends.aborted && !signal.aborted ? `no end within ${timeoutMs / 1_000} s` : end.message;
  return { code: null, stdout, stderr: `${stderr}${why}`.slice(-limits.stderrChars) };
}

/** The last lines that say something. */
export function lastLines(output: string, count: number): string {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-count).join("\n");
}
