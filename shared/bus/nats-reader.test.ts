import { expect, test } from "vitest";
import { FleetsweepError } from "../domain/errors.ts";
import { pause } from "../runtime/sleep.ts";
import { grant } from "../testing/log-events.ts";
import { encodeEvent } from "./log-codec.ts";
import type { StreamMessage } from "./nats-pull.ts";
import { readStream, type StreamSource } from "./nats-reader.ts";

/** A stream whose connection breaks after every message. */
function brittleStream(stored: StreamMessage[]): StreamSource {
  return {
    ready: async () => {},
    head: async () => ({ lastSeq: stored.length, createdAt: "t0" }),
    async *pull({ fromSeq, standing }) {
      await standing();
      yield* stored.slice(fromSeq - 1, fromSeq + 1);
      throw new FleetsweepError("bus.unavailable", "the connection is lost");
    },
    trouble: () => {},
    random: () => 0,
    pause: (_ms, signal) => pause(1, signal),
  };
}

function message(seq: number, storedAtNs: string): StreamMessage {
  return { seq, storedAtNs, ...encodeEvent(grant(`g${seq}`)) };
}

test("reading goes on over lost connections, each entry once and in order", async () => {
  const stored = [1, 2, 3, 4, 5].map((seq) => message(seq, `${seq}`));
  const enough = new AbortController();
  const read: number[] = [];
  for await (const { seq } of readStream(brittleStream(stored), {
    fromSeq: 1,
    signal: enough.signal,
  })) {
    read.push(seq);
    if (read.length === stored.length) enough.abort();
  }
  expect(read).toEqual([1, 2, 3, 4, 5]);
});

test("a log that lost its end and grew again is noticed, though it is as long as before", async () => {
  const stored = [1, 2, 3].map((seq) => message(seq, `${seq}`));
  const { signal } = new AbortController();
  const reading = (async () => {
    for await (const { seq } of readStream(brittleStream(stored), { fromSeq: 1, signal })) {
      if (seq === 3) stored.splice(2, 1, message(3, "33"), message(4, "44"));
    }
  })();
  await expect(reading).rejects.toMatchObject({
    code: "log.corrupt",
    message: expect.stringContaining("entry 3"),
  });
});

test.each([
  ["was made anew since it was last seen", { createdAt: "before t0", lastSeq: 2 }],
  ["is shorter than what is known of it", { createdAt: "t0", lastSeq: 4 }],
])("a log that %s is not read at all", async (_what, known) => {
  const stored = [1, 2, 3].map((seq) => message(seq, `${seq}`));
  const { signal } = new AbortController();
  const read: number[] = [];
  const reading = (async () => {
    const options = { fromSeq: 1, signal, known };
    for await (const { seq } of readStream(brittleStream(stored), options)) read.push(seq);
  })();
  await expect(reading).rejects.toMatchObject({ code: "log.corrupt" });
  expect(read).toEqual([]);
});

test("a log that is replaced by a shorter one while its reader comes back is noticed, though no entry comes", async () => {
  const stored = [1, 2, 3].map((seq) => message(seq, `${seq}`));
  let pulls = 0;
  const source: StreamSource = {
    ...brittleStream(stored),
    head: async () => ({ lastSeq: stored.length, createdAt: pulls === 1 ? "t0" : "t1" }),
    async *pull({ fromSeq, signal, standing }) {
      pulls += 1;
      if (pulls === 2) stored.splice(1);
      await standing();
      yield* stored.slice(fromSeq - 1);
      if (pulls === 2) await pause(60_000, signal);
      throw new FleetsweepError("bus.unavailable", "the connection is lost");
    },
  };
  const { signal } = new AbortController();
  const read: number[] = [];
  const reading = (async () => {
    for await (const { seq } of readStream(source, { fromSeq: 1, signal })) read.push(seq);
  })();
  await expect(reading).rejects.toMatchObject({ code: "log.corrupt" });
  expect(read).toEqual([1, 2, 3]);
});
