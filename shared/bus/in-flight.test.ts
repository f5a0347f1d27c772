import { expect, test } from "vitest";
import { makeInFlight } from "./in-flight.ts";

function openable(): { opened: Promise<void>; open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

test("no more calls run at one time than the limit allows, and they start in order", async () => {
  const gate = makeInFlight({ running: 2, queued: 10 });
  const doors = [openable(), openable(), openable(), openable()];
  const started: number[] = [];
  const calls = doors.map((door, index) =>
    gate.run(async () => {
      started.push(index);
      await door.opened;
    }),
  );
  await Promise.resolve();
  expect(started).toEqual([0, 1]);
  doors[1]?.open();
  await calls[1];
  await Promise.resolve();
  expect(started).toEqual([0, 1, 2]);
  for (const door of doors) door.open();
  await Promise.all(calls);
  expect(started).toEqual([0, 1, 2, 3]);
});

test("a call that fails gives its turn back", async () => {
  const gate = makeInFlight({ running: 1, queued: 1 });
  await expect(gate.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  await expect(gate.run(() => Promise.resolve(7))).resolves.toBe(7);
});

test("a full queue is an error that may be retried", async () => {
  const gate = makeInFlight({ running: 1, queued: 1 });
  const door = openable();
  const first = gate.run(() => door.opened);
  const second = gate.run(() => Promise.resolve());
  await expect(gate.run(() => Promise.resolve())).rejects.toMatchObject({
    code: "bus.unavailable",
    retryable: true,
  });
  door.open();
  await Promise.all([first, second]);
});
