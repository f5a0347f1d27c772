import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { FleetsweepError } from "../domain/errors.ts";
import { type Lock, lockName, maxHolderBytes, toHolder } from "./lock.ts";

/** One place for a whole machine; Debian lets anybody make a file there. */
export const usualLaunchLock = "/run/lock/fleetsweep-launch";

export interface LaunchLockOptions {
  readonly file: string;
  /** Who holds it then, for whoever waits. */
  readonly holder: string;
  /** Told once why the file cannot be used: the lock then holds in one network namespace only. */
  readonly onTrouble: (reason: string) => void;
  /** Of util-linux or busybox. */
  readonly program?: string;
}

/** Hears who has the lock while one waits for it. */
export type OnWait = (holder: string) => void;

/**
 * The right to be the only one that measures on this machine: agents that were started by mistake, under
 * one name or several, by one user or several, in one network namespace or several, take turns instead
 * of disturbing each other. The kernel gives it up with the process that holds it, however that dies, so
 * it is never stale; the file stays, and says nothing by being there.
 */
export class LaunchLock {
  readonly #options: LaunchLockOptions;
  #isUsable = true;

  constructor(options: LaunchLockOptions) {
    this.#options = options;
  }

  /** Waits for its turn. Rejects with the signal's reason, or with program.died where flock fails. */
  async take(onWait: OnWait, signal: AbortSignal): Promise<Lock> {
    while (this.#isUsable) {
      signal.throwIfAborted();
      try {
        const lock = await this.#takeFile(onWait, signal);
        if (lock !== null) return lock;
      } catch (error) {
        if (!isUnusable(error)) throw error;
        this.#isUsable = false;
        this.#options.onTrouble(String(error));
      }
    }
    const { file, holder } = this.#options;
    // A name in the abstract namespace has room for 107 bytes (unix(7)).
    const name = `\0fleetsweep.launch.${file.slice(-80)}`;
    return await lockName({ name, holder }, onWait, signal);
  }

  /** Null where the file was replaced meanwhile: somebody else may hold the other one. */
  async #takeFile(onWait: OnWait, signal: AbortSignal): Promise<Lock | null> {
    const { file, holder } = this.#options;
    const handle = await openShared(file);
    let isHeld = false;
    try {
      if (!(await this.#flock(handle, ["-n"], signal))) {
        onWait(await readHolder(handle));
        await this.#flock(handle, [], signal);
      }
      isHeld = await isStillThere(handle, file);
      if (!isHeld) return null;
      await writeHolder(handle, holder);
      return { release: () => handle.close() };
    } finally {
      if (!isHeld) await handle.close();
    }
  }

  /**
   * Node has no flock(2). The lock belongs to the open file, which the child has from this process, so it
   * stays with us when the child has ended. Without `-n` the kernel wakes the child in its turn: nobody polls
   * beside a measurement. Returns whether it was got.
   */
  async #flock(
    { fd }: FileHandle,
    options: readonly string[],
    signal: AbortSignal,
  ): Promise<boolean> {
    const { program = "flock", file } = this.#options;
    const stdio = ["ignore", "ignore", "ignore", fd] as const;
    const code = await endOf(spawn(program, [...options, "3"], { stdio: [...stdio] }), signal);
    if (code === 0) return true;
    if (code === 1 && options.length > 0) return false;
    throw new FleetsweepError("program.died", `flock of ${file} ended with exit code ${code}`);
  }
}

/** The child's exit code, null where a signal ended it; it is killed when ours aborts. */
function endOf(child: ChildProcess, signal: AbortSignal): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const kill = (): void => {
      child.kill("SIGKILL");
    };
    signal.addEventListener("abort", kill, { once: true });
    child.once("error", (error) => {
      signal.removeEventListener("abort", kill);
      reject(error);
    });
    child.once("exit", (code) => {
      signal.removeEventListener("abort", kill);
      if (signal.aborted) reject(signal.reason as Error);
      else resolve(code);
    });
  });
}

/** No way to lock the file, for whatever reason: not there to be made, not ours, no file, no flock. */
function isUnusable(error: unknown): boolean {
  return error instanceof FleetsweepError
    ? error.code === "state.unusable"
    : typeof (error as NodeJS.ErrnoException).code === "string";
}

const { O_RDWR, O_RDONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;
/** Whoever else may write in the directory leads us nowhere, and holds nobody up with a pipe. */
const safely = O_NOFOLLOW | O_NONBLOCK;
const forEverybody = 0o666;

/** Makes the file where it is not there. To lock it, reading it is enough. */
async function openShared(file: string): Promise<FileHandle> {
  const handle = await openOrMake(file);
  const found = await handle.stat();
  if (found.isFile() && found.nlink <= 1) return handle;
  await handle.close();
  throw new FleetsweepError("state.unusable", `${file} is no file of its own`);
}

async function openOrMake(file: string): Promise<FileHandle> {
  try {
    return await open(file, O_RDWR | safely);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (["EACCES", "EROFS", "EPERM"].includes(code)) return await open(file, O_RDONLY | safely);
    if (code !== "ENOENT") throw error;
  }
  try {
    const made = await open(file, O_RDWR | O_CREAT | O_EXCL | safely, forEverybody);
    await made.chmod(forEverybody); // Whatever our umask: another user's agent opens it too.
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return await open(file, O_RDWR | safely);
  }
}

async function isStillThere(handle: FileHandle, file: string): Promise<boolean> {
  const [ours, there] = await Promise.all([handle.stat(), stat(file).catch(() => null)]);
  return there !== null && ours.ino === there.ino && ours.dev === there.dev;
}

async function readHolder(handle: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await handle.read(
    Buffer.alloc(maxHolderBytes),
    0,
    maxHolderBytes,
    0,
  );
  const text = toHolder(buffer.subarray(0, bytesRead)).trim();
  return text === "" ? "another agent" : text;
}

/** For people who wait; the lock does not depend on it. */
async function writeHolder(handle: FileHandle, holder: string): Promise<void> {
  try {
    await handle.truncate(0);
    await handle.write(Buffer.from(holder).subarray(0, maxHolderBytes), 0, undefined, 0);
  } catch {
    // Not ours to write, or a full disk.
  }
}
