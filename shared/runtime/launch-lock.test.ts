import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rename, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeTemporaryDirectory } from "../testing/temporary-directory.ts";
import { LaunchLock, type LaunchLockOptions } from "./launch-lock.ts";

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
let file: string;
const { signal } = new AbortController();
const nobody = (holder: string): void => {
  throw new Error(`${holder} has the lock`);
};

beforeEach(async () => {
  directory = await makeTemporaryDirectory();
  file = join(directory.path, "launch");
});
afterEach(() => directory.remove());

function lockOf(holder: string, options: Partial<LaunchLockOptions> = {}) {
  const troubles: string[] = [];
  const onTrouble = (reason: string): void => void troubles.push(reason);
  return { troubles, lock: new LaunchLock({ file, holder, onTrouble, ...options }) };
}

/** Takes the lock and tells, by `got`, when it has it. */
function wait(lock: LaunchLock, ends: AbortSignal = signal) {
  const state = { got: false, holder: "" };
  const told = new Promise<void>((resolve) => {
    state.holder = "";
    const taking = lock.take((holder) => {
      state.holder = holder;
      resolve();
    }, ends);
    Object.assign(state, {
      taken: taking.then((held) => {
        state.got = true;
        return held;
      }),
    });
  });
  return Object.assign(state, { told }) as typeof state & {
    told: Promise<void>;
    taken: ReturnType<LaunchLock["take"]>;
  };
}

test("two agents of one machine take turns, and who waits knows for whom", async () => {
  const first = await lockOf("agent a (process 1)").lock.take(nobody, signal);
  const second = wait(lockOf("agent b (process 2)").lock);
  await second.told;
  expect(second).toMatchObject({ got: false, holder: "agent a (process 1)" });
  await first.release();
  await (await second.taken).release();
  await (await lockOf("agent a").lock.take(nobody, signal)).release();
});

test("who is not to wait any longer holds nothing", async () => {
  const held = await lockOf("a").lock.take(nobody, signal);
  const stop = new AbortController();
  const waiting = wait(lockOf("b").lock, stop.signal);
  await waiting.told;
  stop.abort(new Error("the grant was withdrawn"));
  await expect(waiting.taken).rejects.toThrow("the grant was withdrawn");
  await held.release();
  await (await lockOf("c").lock.take(nobody, signal)).release();
});

test("a file that was replaced meanwhile is not the lock any more", async () => {
  const held = await lockOf("a").lock.take(nobody, signal);
  const waiting = wait(lockOf("b").lock);
  await waiting.told;
  await rename(file, `${file}.old`);
  await held.release();
  const taken = await waiting.taken;
  const third = wait(lockOf("c").lock);
  await third.told;
  expect(third.holder).toBe("b");
  await taken.release();
  await (await third.taken).release();
});

test("everybody on the machine may lock the file, whatever the umask of who made it", async () => {
  await (await lockOf("a").lock.take(nobody, signal)).release();
  expect((await stat(file)).mode & 0o777).toBe(0o666);
});

test("where the file cannot be used, agents of one network still take turns", async () => {
  const places = [join(directory.path, "absent", "launch"), directory.path];
  const link = join(directory.path, "link");
  await symlink(file, link);
  for (const place of [...places, link]) {
    const a = lockOf("a", { file: place });
    const held = await a.lock.take(nobody, signal);
    expect(a.troubles).toHaveLength(1);
    const waiting = wait(lockOf("b", { file: place }).lock);
    await waiting.told;
    expect(waiting).toMatchObject({ got: false, holder: "a" });
    await held.release();
    await (await waiting.taken).release();
    await (await a.lock.take(nobody, signal)).release();
    expect(a.troubles).toHaveLength(1);
  }
});

test("without flock, agents of one network still take turns", async () => {
  const a = lockOf("a", { program: "no-such-flock" });
  await (await a.lock.take(nobody, signal)).release();
  expect(a.troubles).toEqual([expect.stringContaining("ENOENT")]);
});

async function holderProcess(): Promise<ChildProcess> {
  const module = fileURLToPath(new URL("launch-lock.ts", import.meta.url));
  const script = join(directory.path, "holder.ts");
  await writeFile(
    script,
    `import { LaunchLock } from ${JSON.stringify(module)};
const lock = new LaunchLock({ file: ${JSON.stringify(file)}, holder: "another process", onTrouble: console.error });
lock.take(() => {}, new AbortController().signal).then((held) => {
  console.log("held");
  setInterval(() => held, 1000);
});`,
  );
  const child = spawn(process.execPath, ["--import", "tsx", script], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout as NodeJS.ReadableStream, "data");
  return child;
}

test("a holder that is killed gives the lock up", async () => {
  const child = await holderProcess();
  const waiting = wait(lockOf("b").lock);
  await waiting.told;
  expect(waiting).toMatchObject({ got: false, holder: "another process" });
  child.kill("SIGKILL");
  await (await waiting.taken).release();
});
