import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { busLimits } from "../../shared/bus/bus-limits.ts";
import type { CorruptEntry, Log, LogEntry } from "../../shared/bus/log.ts";
import { makeMemoryLog } from "../../shared/bus/memory-log.ts";
import { connectNatsLog } from "../../shared/bus/nats-log.ts";
import { findProgram } from "../../shared/runtime/find-program.ts";
import { type NatsServer, startNatsServer } from "../../shared/runtime/nats-server.ts";
import { grant, result, submitted } from "../../shared/testing/log-events.ts";
import { failure, instance, measured } from "../../shared/testing/outcomes.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";

const installed = (await findProgram("nats-server", undefined)) !== undefined;

/** A log that is empty at first, and all that belongs to it. */
interface Subject {
  readonly log: Log;
  close(): Promise<void>;
}

async function memorySubject(): Promise<Subject> {
  const log = makeMemoryLog();
  return { log, close: () => log.close() };
}

async function natsSubject(): Promise<Subject> {
  const directory = await makeTemporaryDirectory();
  const server = await start(directory.path);
  const log = await connect(server);
  return {
    log,
    async close() {
      await log.close();
      await server.stop();
      await directory.remove();
    },
  };
}

function start(directory: string, port?: number): Promise<NatsServer> {
  const given = { directory, token: "secret", maxPayloadBytes: busLimits.maxPayloadBytes };
  return startNatsServer(port === undefined ? given : { ...given, port });
}

function connect(server: NatsServer): Promise<Log> {
  return connectNatsLog({
    servers: server.url,
    token: "secret",
    name: "contract test",
    createStream: true,
  });
}

function withoutTime(entry: LogEntry | CorruptEntry) {
  return { ...entry, storedAt: undefined };
}

/** Reads until `count` entries are there, then ends the reading. */
async function take(
  log: Log,
  fromSeq: number,
  count: number,
): Promise<(LogEntry | CorruptEntry)[]> {
  const enough = new AbortController();
  const entries: (LogEntry | CorruptEntry)[] = [];
  for await (const entry of log.read({ fromSeq, signal: enough.signal })) {
    entries.push(entry);
    if (entries.length === count) enough.abort();
  }
  return entries;
}

function nthResult(n: number): ReturnType<typeof result> {
  return result({ attemptId: `a${n}`, launch: n, outcome: measured() });
}

describe.each([
  { name: "in memory", make: memorySubject, skip: false },
  { name: "on a real nats-server", make: natsSubject, skip: !installed },
])("the log $name", ({ make, skip }) => {
  let subject: Subject;
  beforeAll(async () => {
    if (!skip) subject = await make();
  });
  afterAll(async () => {
    if (!skip) await subject.close();
  });

  test.skipIf(skip)("gives ascending sequence numbers and reads the same events back", async () => {
    const { log } = subject;
    expect((await log.head()).lastSeq).toBe(0);
    const events = [submitted(), grant("g1"), nthResult(1)];
    const seqs: number[] = [];
    for (const [index, event] of events.entries()) {
      seqs.push(await log.append(event, { messageId: `first-${index}` }));
    }
    expect(seqs).toEqual([1, 2, 3]);
    const read = await take(log, 1, 3);
    expect(read.map(withoutTime)).toEqual(
      events.map((event, index) => ({ seq: index + 1, event })),
    );
    // Only a server stores at a time; with the place it is the entry's identity.
    for (const { storedAt } of read) expect(storedAt ?? "0").toMatch(/^\d+$/);
    expect((await log.head()).lastSeq).toBe(3);
  });

  test.skipIf(skip)("drops a quick repetition and answers with the first place", async () => {
    const { log } = subject;
    const seq = await log.append(grant("g1"), { messageId: "twice" });
    expect(await log.append(grant("g1"), { messageId: "twice" })).toBe(seq);
    expect((await log.head()).lastSeq).toBe(seq);
  });

  test.skipIf(skip)("keeps order and misses nothing with many appends in flight", async () => {
    const { log } = subject;
    const { lastSeq } = await log.head();
    const count = 2_000;
    const seqs = await Promise.all(
      Array.from({ length: count }, (_, n) =>
        log.append(nthResult(n + 1), { messageId: `many-${n}` }),
      ),
    );
    expect(new Set(seqs).size).toBe(count);
    const entries = await take(log, lastSeq + 1, count);
    expect(entries.map((entry) => entry.seq)).toEqual(
      Array.from({ length: count }, (_, n) => lastSeq + 1 + n),
    );
    const byAppend = new Map(seqs.map((seq, n) => [seq, `a${n + 1}`]));
    for (const entry of entries) {
      const attemptId =
        "event" in entry && entry.event.type === "result"
          ? entry.event.result.attemptId
          : undefined;
      expect(attemptId).toBe(byAppend.get(entry.seq));
    }
  });

  test.skipIf(skip)("a reader at the end gets what is appended later", async () => {
    const { log } = subject;
    const { lastSeq } = await log.head();
    const reading = take(log, lastSeq + 1, 1);
    const seq = await log.append({ type: "sealed", sweepId: "s1" }, { messageId: "later" });
    expect((await reading).map(withoutTime)).toEqual([
      { seq, event: { type: "sealed", sweepId: "s1" } },
    ]);
  });

  test.skipIf(skip)("two readers of one log see the same", async () => {
    const { log } = subject;
    const { lastSeq } = await log.head();
    const [a, b] = await Promise.all([take(log, 1, lastSeq), take(log, 1, lastSeq)]);
    expect(a).toEqual(b);
  });

  test.skipIf(skip)("a message above the size limit is refused for good", async () => {
    const { log } = subject;
    const stderrTail = "x".repeat(250_000);
    const event = result({ outcome: failure({ stderrTail }) });
    await expect(log.append(event, { messageId: "large" })).resolves.toBeGreaterThan(0);
    const samples = { encoding: "hdr-3-digits", count: 1, data: "A".repeat(700_000) } as const;
    const instances = Array.from({ length: 13 }, (_, index) => instance({ index, samples }));
    const huge = result({ outcome: measured({ instances }) });
    await expect(log.append(huge, { messageId: "huge" })).rejects.toMatchObject({
      code: "bus.rejected",
      retryable: false,
    });
  });

  test.skipIf(skip)(
    "large messages that do not fit into one request come one after the other",
    async () => {
      const { log } = subject;
      const { lastSeq } = await log.head();
      const samples = { encoding: "hdr-3-digits", count: 1, data: "A".repeat(700_000) } as const;
      const instances = Array.from({ length: 7 }, (_, index) => instance({ index, samples }));
      const count = Math.ceil((1.5 * busLimits.readBatchBytes) / (instances.length * 700_000));
      for (let n = 1; n <= count; n += 1) {
        const large = result({ launch: n, outcome: measured({ instances }) });
        await log.append(large, { messageId: `fat-${n}` });
      }
      const entries = await take(log, lastSeq + 1, count);
      const launches = entries.map((entry) =>
        "event" in entry && entry.event.type === "result" ? entry.event.result.launch : undefined,
      );
      expect(launches).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    },
  );

  test.skipIf(skip)("an aborted append ends with the abort's reason", async () => {
    const { log } = subject;
    const reason = new Error("enough");
    const aborted = AbortSignal.abort(reason);
    await expect(log.append(grant("g1"), { messageId: "no", signal: aborted })).rejects.toBe(
      reason,
    );
  });

  test.skipIf(skip)(
    "reading behind the end is an error, for the log lost what was read",
    async () => {
      const { log } = subject;
      const { lastSeq } = await log.head();
      await expect(take(log, lastSeq + 5, 1)).rejects.toMatchObject({ code: "log.corrupt" });
    },
  );
});

test.skipIf(!installed)(
  "no acknowledged event is lost and none is read twice when the server is killed again and again under appends and a read",
  async () => {
    const directory = await makeTemporaryDirectory();
    let server = await start(directory.path);
    const { port } = server;
    const log = await connect(server);
    const total = 600;
    const reading = take(log, 1, total);
    let restarted = Promise.resolve();
    const restart = async (): Promise<void> => {
      server.kill("SIGKILL");
      await server.exited;
      server = await start(directory.path, port);
    };
    const acknowledged = new Map<number, number>();
    try {
      for (let n = 1; n <= total; n += 1) {
        if (n % 120 === 0) {
          await restarted;
          restarted = restart();
        }
        acknowledged.set(await appendUntilDone(log, n), n);
      }
      const entries = await reading;
      const seqs = entries.map((entry) => entry.seq);
      expect(seqs).toEqual(Array.from({ length: total }, (_, index) => index + 1));
      for (const entry of entries) {
        const n = acknowledged.get(entry.seq);
        // An append whose answer was lost stands twice where the restart emptied the dedupe window.
        if (n === undefined) continue;
        expect(withoutTime(entry)).toEqual({ seq: entry.seq, event: nthResult(n) });
      }
      expect((await log.head()).lastSeq).toBeGreaterThanOrEqual(acknowledged.size);
    } finally {
      await restarted;
      await log.close();
      await server.stop();
      await directory.remove();
    }
  },
);

async function appendUntilDone(log: Log, n: number): Promise<number> {
  for (;;) {
    try {
      return await log.append(nthResult(n), { messageId: `kill-${n}` });
    } catch (error) {
      if ((error as { retryable?: boolean }).retryable !== true) throw error;
    }
  }
}
