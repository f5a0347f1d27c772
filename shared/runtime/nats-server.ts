import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { FleetsweepError } from "../domain/errors.ts";
import { findProgram } from "./find-program.ts";
import { type NatsServerOptions, writeNatsConfig } from "./nats-config.ts";
import { checkNatsVersion } from "./nats-version.ts";

export interface NatsServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly version: string;
  /** Resolves when the server has ended, for whatever reason. */
  readonly exited: Promise<NatsServerExit>;
  /** Ends the server, by force after a while, and resolves when it is gone. */
  stop(): Promise<void>;
  /** Sends a signal, as a fault would. */
  kill(signal: NodeJS.Signals): void;
}

export interface NatsServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines that it wrote. */
  readonly tail: string;
}

const limits = {
  versionTimeoutMs: 10_000,
  /** JetStream reads its store before the port opens; a large log takes its time. */
  readyTimeoutMs: 60_000,
  pollMs: 10,
  stopTimeoutMs: 10_000,
  tailChars: 4_096,
} as const;

/**
 * Starts a nats-server with JetStream on loopback as a child that ends with this process, and resolves
 * when clients can connect.
 * @throws FleetsweepError program.missing (none installed, or an unusable version), config.invalid (the
 *   port is taken), state.unusable (the directory cannot be written), program.died (it ended at once).
 */
export async function startNatsServer(options: NatsServerOptions): Promise<NatsServer> {
  const program = await findNatsServer(options.searchPath);
  const version = await readVersion(program);
  const config = await writeNatsConfig(options);
  // Without setpriv (util-linux) only an orderly end of this process takes the server along.
  const setpriv = await findProgram("setpriv", options.searchPath);
  const args = setpriv === undefined ? [] : ["--pdeathsig", "TERM", program];
  const child = spawn(setpriv ?? program, [...args, "-c", config], {
    stdio: ["ignore", "ignore", "pipe"],
    // Its own process group: an interactive Ctrl-C ends us, and we decide when the server ends.
    detached: true,
  });
  const exited = watchExit(child);
  const kill = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  const stop = (): Promise<void> => stopChild(exited, kill);
  const pid = child.pid ?? 0;
  try {
    const port = await waitUntilReady({ options, pid, exited });
    return { url: `nats://127.0.0.1:${port}`, port, pid, version, exited, stop, kill };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function findNatsServer(searchPath: string | undefined): Promise<string> {
  const program = await findProgram("nats-server", searchPath);
  if (program !== undefined) return program;
  throw new FleetsweepError(
    "program.missing",
    "no nats-server program was found; install it with `apt-get install nats-server`, or from https://nats.io/download",
  );
}

async function readVersion(program: string): Promise<string> {
  const run = promisify(execFile);
  try {
    const { stdout } = await run(program, ["--version"], { timeout: limits.versionTimeoutMs });
    return checkNatsVersion(stdout);
  } catch (error) {
    if (error instanceof FleetsweepError) throw error;
    throw new FleetsweepError("program.missing", `${program} --version failed: ${String(error)}`);
  }
}

function watchExit(child: ChildProcess): Promise<NatsServerExit> {
  let tail = "";
  child.stderr?.setEncoding("utf8");
  child.stderr?.on("data", (text: string) => {
    tail = (tail + text).slice(-limits.tailChars);
  });
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: null, signal: null, tail: String(error) }));
    child.once("close", (code, signal) => resolve({ code, signal, tail }));
  });
}

interface Starting {
  readonly options: NatsServerOptions;
  readonly pid: number;
  readonly exited: Promise<NatsServerExit>;
}

/** The server writes its ports to a file once it listens, after JetStream has read its store. */
async function waitUntilReady({ options, pid, exited }: Starting): Promise<number> {
  const file = join(options.directory, `nats-server_${pid}.ports`);
  const polling = new AbortController();
  const died = exited.then((exit) => {
    throw explainDeath(exit, options);
  });
  try {
    return await Promise.race([died, pollPorts(file, polling.signal)]);
  } finally {
    polling.abort();
  }
}

async function pollPorts(file: string, stop: AbortSignal): Promise<number> {
  const giveUp = AbortSignal.timeout(limits.readyTimeoutMs);
  while (!stop.aborted && !giveUp.aborted) {
    const port = await readPort(file);
    if (port !== undefined) return port;
    await wait(limits.pollMs);
  }
  throw new FleetsweepError(
    "program.died",
    `nats-server was not ready after ${limits.readyTimeoutMs / 1000} s`,
  );
}

async function readPort(file: string): Promise<number | undefined> {
  try {
    const ports: unknown = JSON.parse(await readFile(file, "utf8"));
    const urls = (ports as { nats?: unknown }).nats;
    const url: unknown = Array.isArray(urls) ? urls[0] : undefined;
    return typeof url === "string" ? Number(new URL(url).port) : undefined;
  } catch {
    // Not there yet, or half written.
    return undefined;
  }
}

function explainDeath(exit: NatsServerExit, options: NatsServerOptions): FleetsweepError {
  if (/address already in use/i.test(exit.tail)) {
    return new FleetsweepError(
      "config.invalid",
      `nats-server cannot listen on 127.0.0.1:${options.port ?? "?"}: the port is in use`,
    );
  }
  const how = exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`;
  const lines = exit.tail.trim().split("\n").slice(-3).join("; ");
  return new FleetsweepError(
    "program.died",
    `nats-server ended with ${how} before it was ready: ${lines}`,
  );
}

async function stopChild(
  exited: Promise<NatsServerExit>,
  kill: (signal: NodeJS.Signals) => void,
): Promise<void> {
  kill("SIGTERM");
  const timer = setTimeout(() => kill("SIGKILL"), limits.stopTimeoutMs);
  await exited;
  clearTimeout(timer);
}
