import { once } from "node:events";
import { stat } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { FleetsweepError } from "../domain/errors.ts";
import { printable } from "../domain/text-layout.ts";
import { sleep } from "./sleep.ts";

/** A lock that the kernel gives up with the process that holds it, however it dies. */
export interface Lock {
  release(): Promise<void>;
}

/** How often a waiting process tries again. */
const retryMs = 100;
/** How long to wait for the holder's answer to the question who it is. */
const askTimeoutMs = 500;
/** What a holder of a lock may call itself. */
export const maxHolderBytes = 256;

/**
 * Takes the lock of a directory: a socket in the abstract namespace, named after the directory's
 * device and inode, so that no path leads around it and nothing is left behind by kill -9. Unlike a
 * lock file it cannot be stale.
 * @throws FleetsweepError state.locked, with the holder's pid where it answers.
 */
export async function lockDirectory(directory: string, pid: number): Promise<Lock> {
  const { dev, ino } = await stat(directory);
  const name = `\0fleetsweep.directory.${dev}.${ino}`;
  const server = await tryListen(name, `${pid}`);
  if (server !== null) return toLock(server);
  const holder = await askHolder(name);
  throw new FleetsweepError("state.locked", `${directory} is in use by process ${holder}`);
}

/**
 * Waits until no other process of this network namespace holds a name of the abstract namespace, then holds
 * it. `onWait` hears who has it: what that process calls itself.
 */
export async function lockName(
  { name, holder }: { readonly name: string; readonly holder: string },
  onWait: (holder: string) => void,
  signal: AbortSignal,
): Promise<Lock> {
  for (let tries = 0; ; tries += 1) {
    const server = await tryListen(name, holder);
    if (server !== null) return toLock(server);
    if (tries === 0) onWait(await askHolder(name));
    await sleep(retryMs, signal);
  }
}

async function tryListen(name: string, holder: string): Promise<Server | null> {
  const server = createServer((socket) => socket.on("error", () => {}).end(holder));
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

/** What somebody else wrote, for people to read. */
export function toHolder(bytes: Buffer): string {
  return printable(bytes.subarray(0, maxHolderBytes).toString());
}

async function askHolder(name: string): Promise<string> {
  const socket = connect(name);
  try {
    const signal = AbortSignal.timeout(askTimeoutMs);
    const [answer] = (await once(socket, "data", { signal })) as [Buffer];
    return toHolder(answer);
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
