import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile } from "node:fs/promises";
import type { NodeProcess } from "../../shared/cli/command.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";

/** One of the programs that `up` keeps running. */
export interface ChildProgram {
  readonly name: string;
  readonly pid: number;
  /** What it said of itself on stdout once it was ready: one line of JSON. */
  readonly ready: Readonly<Record<string, string>>;
  /** Resolves when it has ended, with how. */
  readonly exited: Promise<string>;
  /** Asks it to end, by force after a while, and waits until it is gone. */
  stop(): Promise<void>;
}

export interface ChildOptions {
  readonly name: string;
  readonly node: NodeProcess;
  /** The program's file and its arguments. */
  readonly args: readonly string[];
  /** Where its log goes. */
  readonly logFile: string;
}

const limits = { readyTimeoutMs: 60_000, stopTimeoutMs: 10_000, maxReadyChars: 65_536 } as const;

/**
 * Starts a program of fleetsweep as a child, in its own process group, so that Ctrl-C reaches only us
 * and we end the children in order. Its standard input is a pipe from us: it ends with us, even
 * when we are killed.
 * @throws FleetsweepError program.died where it ends before it is ready, config.invalid where that is
 *   for what its user gave it.
 */
export async function startChild(options: ChildOptions): Promise<ChildProgram> {
  const { name, node, args, logFile } = options;
  const log = await open(logFile, "a");
  const logStart = (await log.stat()).size;
  const child = spawn(node.execPath, [...node.execArgv, ...args], {
    stdio: ["pipe", "pipe", log.fd],
    detached: true,
  });
  await log.close();
  const exited = describeExit(child, name);
  const stop = () => stopChild(child, exited);
  try {
    const ready = await readReadyLine(child, { name, logFile, logStart, exited });
    return { name, pid: child.pid ?? 0, ready, exited, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function describeExit(child: ChildProcess, name: string): Promise<string> {
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  return signal === null
    ? `${name} ended with exit code ${code}`
    : `${name} was ended by ${signal}`;
}

interface Starting {
  readonly name: string;
  readonly logFile: string;
  /** Bytes of the log before this start. */
  readonly logStart: number;
  readonly exited: Promise<string>;
}

async function readReadyLine(
  child: ChildProcess,
  { name, logFile, logStart, exited }: Starting,
): Promise<Record<string, string>> {
  const died = exited.then(async (how) => {
    const said = await lastLine(logFile, logStart);
    // What its own user got wrong is told as if it had been told here.
    if (child.exitCode === 2) throw new FleetsweepError("config.invalid", `${name}: ${said}`);
    const message = `${how} before it was ready: ${said} (its log is ${logFile})`;
    throw new FleetsweepError("program.died", message);
  });
  const waited = new AbortController();
  const line = readLine(
    child,
    AbortSignal.any([waited.signal, AbortSignal.timeout(limits.readyTimeoutMs)]),
  );
  try {
    return JSON.parse(await Promise.race([line, died])) as Record<string, string>;
  } catch (error) {
    if (error instanceof FleetsweepError) throw error;
    throw new FleetsweepError(
      "program.died",
      `${name} did not become ready; its log is ${logFile}`,
    );
  } finally {
    waited.abort();
    died.catch(() => {});
    line.catch(() => {});
  }
}

async function readLine(child: ChildProcess, signal: AbortSignal): Promise<string> {
  let text = "";
  while (!text.includes("\n") && text.length < limits.maxReadyChars) {
    if (child.stdout === null) return "";
    const [chunk] = (await once(child.stdout, "data", { signal })) as [Buffer];
    text += chunk.toString();
  }
  child.stdout?.resume();
  return text.slice(0, text.indexOf("\n"));
}

async function stopChild(child: ChildProcess, exited: Promise<string>): Promise<void> {
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), limits.stopTimeoutMs);
  await exited;
  clearTimeout(force);
}

/** A program that cannot start says why in its last line. */
async function lastLine(logFile: string, logStart: number): Promise<string> {
  const bytes = await readFile(logFile).catch(() => Buffer.alloc(0));
  const lines = bytes.subarray(logStart).toString("utf8").trimEnd().split("\n");
  return (lines.at(-1) ?? "").replace(/^fleetsweep[^:]*: /, "");
}
