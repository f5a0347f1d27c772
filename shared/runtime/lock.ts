import { once } from "node:events";
import { stat } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { FleetsweepError } from "../domain/errors.ts";
import { sleep } from "./sleep.ts";

/** A lock that the kernel gives up with the process that holds it, however it dies. */
export interface Lock {
  release(): Promise<void>;
}

/** How often a waiting process tries again. */
const retryMs = 100;
/** How long to wait for the holder's answer to the question who it is. */
const askTimeoutMs = 500;

/**
 * Takes the lock of a directory: a socket in the abstract namespace, named after the directory's
 * device and inode, so that no path leads around it and nothing is left behind by kill -9. Unlike a
 * lock file it cannot be stale.
 * @throws FleetsweepError state.locked, with the holder's pid where it answers.
 */
export async function lockDirectory(directory: string, pid: number): Promise<Lock> {
  const { dev, ino } = await stat(directory);
  const name = `\0fleetsweep.directory.${dev}.${ino}`;
  const server = await tryListen(name, pid);
  if (server !== null) return toLock(server);
  const holder = await askHolder(name);
  throw new FleetsweepError("state.locked", `${directory} is in use by process ${holder}`);
}

/**
 * Waits until this process is the only one that measures for the host, then holds that right: two
 * agents started by mistake take turns instead of disturbing each other.
 */
export async function lockLaunch(hostId: string, pid: number, signal: AbortSignal): Promise<Lock> {
  for (;;) {
    const server = await tryListen(`\0fleetsweep.launch.${hostId}`, pid);
    if (server !== null) return toLock(server);
    await sleep(retryMs, signal);
  }
}

async function tryListen(name: string, pid: number): Promise<Server | null> {
  const server = createServer((socket) => socket.on("error", () => {}).end(`${pid}`));
  server.listen(name);
  try {
    await once(server, "listening");
    server.unref();
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return null;
    throw error;
  }
}

async function askHolder(name: string): Promise<string> {
  const socket = connect(name);
  try {
    const signal = AbortSignal.timeout(askTimeoutMs);
    const [answer] = (await once(socket, "data", { signal })) as [Buffer];
    return answer.toString();
  } catch {
    return "(unknown)"; // It holds the lock, but does not answer.
  } finally {
    socket.destroy();
  }
}

function toLock(server: Server): Lock {
  return {
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
