import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { RunnerInstance } from "./instance.ts";

/** An instance of which the test is the process, on a clock that each look moves on by 1. */
function makeInstance() {
  const child = Object.assign(new EventEmitter(), {
    pid: 1,
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
  });
  let now = 0n;
  const instance = new RunnerInstance(child as unknown as ChildProcessWithoutNullStreams, 0, () => {
    now += 1n;
    return { ns: now, ownCpuSeconds: Number(now) / 100 };
  });
  const say = async (text: string): Promise<void> => {
    child.stdout.write(text);
    await turn();
  };
  return { instance, say, next: () => instance.next(1_000, new AbortController().signal) };
}

const enough = (cell: string) => `${JSON.stringify({ type: "enough", cell })}\n`;

test("a message was heard when its end came, however late it is read", async () => {
  const { instance, say, next } = makeInstance();
  const line = enough("c1");
  await say(line.slice(0, 10));
  await say(line.slice(10));
  await say(enough("c2"));
  expect(await next()).toEqual({ type: "enough", cell: "c1" });
  // The instance's own start was the first look.
  expect(instance.lastHeard).toEqual({ ns: 3n, ownCpuSeconds: 0.03 });
  await next();
  expect(instance.lastHeard.ns).toBe(4n);
});

test("what came before garbage is a message, and what comes after it is none", async () => {
  const { say, next } = makeInstance();
  await say(`${enough("c1")}hello\n${enough("c2")}`);
  expect(await next()).toMatchObject({ cell: "c1" });
  for (const _ of [1, 2]) await expect(next()).rejects.toMatchObject({ reason: "garbage-output" });
});

test("lines that nobody asks for are bounded", async () => {
  const { say, next } = makeInstance();
  await say(enough("c1").repeat(65));
  for (let read = 0; read < 64; read += 1) await next();
  await expect(next()).rejects.toMatchObject({
    reason: "protocol",
    message: "more than 64 messages unasked for",
  });
});
