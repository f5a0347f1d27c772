import { expect, test } from "vitest";
import { encodeEvent } from "../../shared/bus/log-codec.ts";
import { makeMemoryLog } from "../../shared/bus/memory-log.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { planned } from "../../shared/testing/log-events.ts";
import { LazyLog } from "./lazy-log.ts";

const message = encodeEvent(planned());

test("a log that is not there yet is connected by a later append, once", async () => {
  let connects = 0;
  const log = new LazyLog(async () => {
    connects += 1;
    if (connects === 1) throw new FleetsweepError("bus.unavailable", "no server answers");
    return makeMemoryLog();
  });
  await expect(log.appendEncoded(message, { messageId: "1" })).rejects.toThrow("no server answers");
  const seqs = await Promise.all(
    ["1", "2"].map((id) => log.appendEncoded(message, { messageId: id })),
  );
  expect(seqs).toEqual([1, 2]);
  expect(connects).toBe(2);
  await log.close();
});

test("a log that was never used is closed without being connected", async () => {
  let connects = 0;
  await new LazyLog(async () => {
    connects += 1;
    return makeMemoryLog();
  }).close();
  expect(connects).toBe(0);
});
