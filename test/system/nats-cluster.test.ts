import { afterEach, expect, test, vi } from "vitest";
import type { LogEntry } from "../../shared/bus/log.ts";
import { connectNatsLog, type NatsLog, type NatsLogOptions } from "../../shared/bus/nats-log.ts";
import { findProgram } from "../../shared/runtime/find-program.ts";
import { result } from "../../shared/testing/log-events.ts";
import { measured } from "../../shared/testing/outcomes.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { findClusterServer, NatsCluster, writeCluster } from "../support/nats-cluster.ts";

/** The log on three real servers, of which one may be gone. */
const program = await findClusterServer();
const debians = await findProgram("nats-server", undefined);
const isMissing = program === undefined;
const patience = { timeout: 60_000, interval: 250 };

const closers: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function startCluster(servers: {
  readonly program: string | undefined;
  readonly size: number;
}): Promise<NatsCluster> {
  const directory = await makeTemporaryDirectory();
  closers.push(() => directory.remove());
  const { program: chosen = "", size } = servers;
  const cluster = new NatsCluster(await writeCluster(directory.path, { program: chosen, size }));
  closers.push(() => cluster.stop());
  return cluster;
}

/** As a coordinator does: what is not there yet is asked for again. */
async function openLog(servers: readonly string[], options: Partial<NatsLogOptions> = {}) {
  const log = await vi.waitFor(
    async () =>
      await connectNatsLog({ servers, name: "test", createStream: true, replicas: 3, ...options }),
    patience,
  );
  closers.push(() => log.close());
  return log;
}

/** Appends so many results after those before, each until the log has taken it. */
async function appendTo(log: NatsLog, from: number, count: number): Promise<void> {
  for (let n = from; n < from + count; n += 1) {
    const event = result({ attemptId: `a${n}`, launch: n, outcome: measured() });
    await vi.waitFor(() => log.append(event, { messageId: `m${n}` }), patience);
  }
}

/** Reads from the log's beginning, for as long as the test runs. */
function follow(log: NatsLog) {
  const stop = new AbortController();
  const launches: number[] = [];
  const reading = (async () => {
    for await (const entry of log.read({ fromSeq: 1, signal: stop.signal })) {
      launches.push(((entry as LogEntry).event as ReturnType<typeof result>).result.launch);
    }
  })();
  closers.push(async () => {
    stop.abort();
    await reading;
  });
  return { launches, reading };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);

/** Each server says that it has everything. What a leader says of the others is true a while after it ceased to be. */
async function caughtUp({ servers }: NatsCluster): Promise<void> {
  for (const { monitorPort } of servers) {
    await vi.waitFor(async () => {
      const response = await fetch(`http://127.0.0.1:${monitorPort}/healthz`);
      expect(await response.json()).toMatchObject({ status: "ok" });
    }, patience);
  }
}

test.skipIf(isMissing)(
  "any server may be killed: the log is written and read on, without a gap",
  async () => {
    const cluster = await startCluster({ program, size: 3 });
    const log = await openLog(cluster.urls);
    expect(log.keepers).toMatchObject({ replicas: 3 });
    const { createdAt } = await log.head();
    const { launches } = follow(log);
    let count = 0;
    for (const server of cluster.servers) {
      await caughtUp(cluster);
      await cluster.kill(server);
      await appendTo(log, count + 1, 20);
      count += 20;
      await vi.waitFor(() => expect(launches).toHaveLength(count), patience);
      cluster.start(server);
    }
    expect(launches).toEqual(upTo(count));
    expect((await vi.waitFor(() => log.head(), patience)).createdAt).toBe(createdAt);
  },
);

test.skipIf(isMissing)(
  "a server that comes back with an empty disk is filled again by the others",
  async () => {
    const cluster = await startCluster({ program, size: 3 });
    const log = await openLog(cluster.urls);
    await appendTo(log, 1, 50);
    for (const server of cluster.servers) {
      await caughtUp(cluster);
      await cluster.replace(server);
    }
    await caughtUp(cluster);
    const again = await openLog(cluster.urls);
    const { launches } = follow(again);
    await vi.waitFor(() => expect(launches).toEqual(upTo(50)), patience);
  },
);

test.skipIf(isMissing)(
  "without most of its servers the log takes nothing, and goes on when they are back",
  async () => {
    const cluster = await startCluster({ program, size: 3 });
    const log = await openLog(cluster.urls);
    await appendTo(log, 1, 5);
    const [, second, third] = cluster.servers;
    if (second === undefined || third === undefined) throw new Error("three were asked for");
    await caughtUp(cluster);
    await cluster.kill(second);
    await cluster.kill(third);
    const event = result({ attemptId: "a6", launch: 6, outcome: measured() });
    await expect(log.append(event, { messageId: "m6" })).rejects.toMatchObject({
      code: "bus.unavailable",
    });
    cluster.start(second);
    await appendTo(log, 6, 5);
    const { launches } = follow(log);
    await vi.waitFor(() => expect(launches).toEqual(upTo(10)), patience);
  },
);

test.skipIf(isMissing)(
  "a log of one server is extended to three without losing an entry, and never reduced",
  async () => {
    const cluster = await startCluster({ program, size: 3 });
    const single = await openLog(cluster.urls, { replicas: 1 });
    expect(single.keepers).toMatchObject({ replicas: 1 });
    await appendTo(single, 1, 30);
    const { createdAt } = await single.head();
    const log = await openLog(cluster.urls);
    await caughtUp(cluster);
    expect((await openLog(cluster.urls, { replicas: 1 })).keepers).toMatchObject({ replicas: 3 });
    const [first] = cluster.servers;
    if (first !== undefined) await cluster.kill(first);
    const { launches } = follow(log);
    await appendTo(log, 31, 5);
    await vi.waitFor(() => expect(launches).toEqual(upTo(35)), patience);
    expect((await log.head()).createdAt).toBe(createdAt);
  },
);

/** Why the log cannot be opened on servers that are there. */
async function refusalOf({ urls }: NatsCluster, replicas: number): Promise<unknown> {
  for (;;) {
    const opening = connectNatsLog({ servers: urls, name: "test", createStream: true, replicas });
    const refusal = await opening.then(
      () => null,
      (error: Error) => error,
    );
    // Before it has a leader nobody of a cluster says anything of a stream.
    if (refusal === null || !/^(connecting|looking)/.test(refusal.message)) return refusal;
  }
}

test.skipIf(isMissing)(
  "servers that are not there yet are waited for, a cluster that there is none is not",
  async () => {
    const three = await startCluster({ program, size: 3 });
    expect(await refusalOf(three, 5)).toMatchObject({
      code: "bus.unavailable",
      message: expect.stringContaining("creating the stream FLEETSWEEP"),
    });
    const alone = await startCluster({ program, size: 1 });
    const refusal = {
      code: "bus.rejected",
      message: expect.stringContaining("is in no cluster"),
    };
    expect(await refusalOf(alone, 3)).toMatchObject(refusal);
    expect((await openLog(alone.urls, { replicas: 1 })).keepers).toMatchObject({ replicas: 1 });
    expect(await refusalOf(alone, 3)).toMatchObject(refusal);
  },
);

test.skipIf(debians === undefined)("a server that is too old to replicate is named", async () => {
  const alone = await startCluster({ program: debians, size: 1 });
  expect(await refusalOf(alone, 3)).toMatchObject({
    code: "program.missing",
    message: expect.stringContaining("2.9.10 is too old to replicate the log"),
  });
});
