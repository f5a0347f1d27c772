import { afterEach, expect, test, vi } from "vitest";
import type { AttachResponse } from "../proto/gen/fleetsweep/v1/AttachResponse.ts";
import { type MemoryLog, makeMemoryLog } from "../shared/bus/memory-log.ts";
import type { LogEvent } from "../shared/domain/log-event.ts";
import { precisionModes } from "../shared/domain/method.ts";
import type { Topology } from "../shared/domain/topology.ts";
import { silentLogger } from "../shared/runtime/logger.ts";
import { randomId } from "../shared/runtime/random-id.ts";
import { sleep } from "../shared/runtime/sleep.ts";
import {
  cordoned,
  hostId,
  planned,
  result,
  shardId,
  submitted,
  sweepId,
  uncordoned,
} from "../shared/testing/log-events.ts";
import { Coordinator } from "./coordinator.ts";
import type { CoordinatorDeps } from "./coordinator-deps.ts";
import { defaultHostPolicy } from "./logic/decide-hosts.ts";
import { type HostSession, Sessions } from "./sessions.ts";
import type { ProjectedEntry } from "./store/rows.ts";

/** A store that holds its rows in memory. */
class MemoryStore {
  cursor = 0;
  readonly entries: ProjectedEntry[] = [];

  async apply(entries: readonly ProjectedEntry[]): Promise<void> {
    this.entries.push(...entries);
    this.cursor = entries.at(-1)?.seq ?? this.cursor;
  }

  async putHost(): Promise<void> {}

  async attemptsOf(): Promise<string[]> {
    return this.entries.flatMap((entry) =>
      "event" in entry && entry.event.type === "result" ? [entry.event.result.attemptId] : [],
    );
  }
}

let running = new AbortController();
let done: Promise<void>[] = [];

/** Ticks follow each other without the second between them. */
const tickAtOnce = (_ms: number, signal: AbortSignal): Promise<void> => sleep(1, signal);

function start(
  log: MemoryLog,
  clock: Partial<Pick<CoordinatorDeps, "nowMs" | "sleep">> = {},
): Coordinator {
  const coordinator = makeCoordinator(log, new MemoryStore(), clock);
  done.push(coordinator.run(running.signal));
  return coordinator;
}

function makeCoordinator(
  log: CoordinatorDeps["log"],
  store: CoordinatorDeps["store"],
  clock: Partial<Pick<CoordinatorDeps, "nowMs" | "sleep">> = {},
): Coordinator {
  return new Coordinator({
    log,
    store,
    sessions: new Sessions(),
    logger: silentLogger,
    randomId,
    nowMs: () => 0,
    policy: defaultHostPolicy,
    releaseAfterMs: 0,
    sleep,
    ...clock,
  });
}

afterEach(async () => {
  running.abort();
  await Promise.all(done);
  running = new AbortController();
  done = [];
});

function connect(coordinator: Coordinator, heldGrantIds: string[] = []) {
  const pushed: AttachResponse[] = [];
  const session: HostSession = {
    facts: { hostId, agentVersion: "1", topology: {} as Topology, runners: [], labels: {} },
    instanceId: "i1",
    connected: true,
    reconciled: false,
    state: "idle",
    idleSinceMs: null,
    spoolDepth: 0,
    spoolBytes: 0,
    spooledShards: [],
    heldGrantIds,
    lastSeenMs: 0,
    heartbeatMs: 5_000,
    progress: null,
    refusal: null,
    push: (message) => pushed.push(message),
    setPace: () => {},
    close: () => {
      session.connected = false;
    },
  };
  coordinator.attached(session);
  return { session, pushed };
}

async function append(log: MemoryLog, ...events: LogEvent[]): Promise<void> {
  for (const event of events) await log.append(event, { messageId: randomId() });
}

async function assigned(pushed: AttachResponse[], count = 1): Promise<string> {
  const grants = () => pushed.flatMap(({ assign }) => assign?.grantId ?? []);
  await vi.waitFor(() => expect(grants()).toHaveLength(count));
  return grants().at(-1) ?? "";
}

test("an idle host is granted the next shard, and is told once the grant stands in the log", async () => {
  const log = makeMemoryLog();
  await append(log, planned(), submitted());
  const coordinator = start(log);
  const { pushed } = connect(coordinator);
  const grantId = await assigned(pushed);
  const shard = coordinator.state.sweeps.get(sweepId)?.shards.get(shardId);
  expect(shard).toMatchObject({ state: "granted", grantId });
});

test("a sweep runs to its seal, and its results are released", async () => {
  const log = makeMemoryLog();
  await append(log, planned(), submitted());
  const coordinator = start(log);
  const { pushed } = connect(coordinator);
  const grantId = await assigned(pushed);
  await append(log, result({ grantId, cellId: "c1", terminal: "ok" }));
  await append(log, result({ grantId, cellId: "c2", terminal: "ok" }));
  await vi.waitFor(() => {
    expect(coordinator.state.sweeps.get(sweepId)?.phase).toBe("sealed");
    const released = pushed.flatMap(({ release }) => release?.attemptIds ?? []);
    expect(new Set(released)).toEqual(new Set([`${grantId}-c1-1`, `${grantId}-c2-1`]));
  });
});

test("a coordinator that starts anew folds the log and sends a current grant again, with its counts", async () => {
  const log = makeMemoryLog();
  await append(log, planned(), submitted());
  const first = connect(start(log));
  const grantId = await assigned(first.pushed);
  await append(log, result({ grantId, cellId: "c1", launch: 1 }));
  const second = connect(start(log), [grantId]);
  expect(await assigned(second.pushed)).toBe(grantId);
  const again = second.pushed.find(({ assign }) => assign)?.assign;
  expect(again?.counted).toMatchObject([{ cellId: "c1", launch: 1 }]);
});

test("a host that was idle for long does not lose the grant that ends it", async () => {
  const log = makeMemoryLog();
  let nowMs = 0;
  const coordinator = start(log, { nowMs: () => nowMs, sleep: tickAtOnce });
  const { session, pushed } = connect(coordinator);
  session.idleSinceMs = 0;
  nowMs = 3_600_000;
  await append(log, planned(), submitted());
  const grantId = await assigned(pushed);
  const ticks = nowMs + 5;
  while (nowMs < ticks) {
    nowMs += 1;
    await sleep(2, running.signal);
  }
  const shard = coordinator.state.sweeps.get(sweepId)?.shards.get(shardId);
  expect(shard).toMatchObject({ state: "granted", grantId });
});

test("a projection of entries that the log has replaced meanwhile is not gone on with", async () => {
  const log = makeMemoryLog();
  await append(log, planned(), submitted());
  const store = Object.assign(new MemoryStore(), { cursor: 2, cursorStoredAt: "before" });
  const moved = {
    ...log,
    read: (options: Parameters<MemoryLog["read"]>[0]) => stamped(log, options),
  };
  const coordinator = makeCoordinator(moved, store);
  await expect(coordinator.run(running.signal)).rejects.toMatchObject({ code: "log.corrupt" });
});

async function* stamped(log: MemoryLog, options: Parameters<MemoryLog["read"]>[0]) {
  for await (const entry of log.read(options)) yield { ...entry, storedAt: "now" };
}

test("two coordinators on one log give one host one grant", async () => {
  const log = makeMemoryLog();
  await append(log, planned(), submitted());
  const a = connect(start(log));
  const b = connect(start(log));
  const [grantA, grantB] = await Promise.all([assigned(a.pushed), assigned(b.pushed)]);
  expect(grantA).toBe(grantB);
});

test("an agent that holds a grant which is not current is told to drop it", async () => {
  const coordinator = start(makeMemoryLog());
  await vi.waitFor(() => expect(coordinator.caughtUp).toBe(true));
  const { pushed } = connect(coordinator, ["g9"]);
  await vi.waitFor(() => expect(pushed.at(-1)).toMatchObject({ withdraw: { grantId: "g9" } }));
});

test("a cancelled sweep is withdrawn from its host", async () => {
  const log = makeMemoryLog();
  await append(log, planned(), submitted());
  const { pushed } = connect(start(log));
  const grantId = await assigned(pushed);
  await append(log, { type: "cancelled", sweepId, reason: "test" });
  await vi.waitFor(() => {
    expect(pushed.at(-1)).toMatchObject({ withdraw: { grantId } });
  });
});

test("a refused grant opens its shard again, and the host gets no other before it reconnects", async () => {
  const log = makeMemoryLog();
  await append(log, planned(), submitted());
  const coordinator = start(log);
  const { session, pushed } = connect(coordinator);
  const grantId = await assigned(pushed);
  coordinator.refused(session, { grantId, code: "test", reason: "test" });
  await vi.waitFor(() => {
    expect(coordinator.state.sweeps.get(sweepId)?.shards.get(shardId)?.state).toBe("open");
  });
  const again = connect(coordinator);
  expect(await assigned(again.pushed)).not.toBe(grantId);
});

test("a drained host is asked for its grant until it gives it back, and gets none until undrained", async () => {
  const log = makeMemoryLog();
  await append(log, planned(), submitted());
  const coordinator = start(log);
  const { session, pushed } = connect(coordinator);
  const grantId = await assigned(pushed);
  await append(log, cordoned({ mode: "drain", reason: "new microcode" }));
  const asked = () => pushed.filter(({ withdraw }) => withdraw?.finishLaunch === true);
  await vi.waitFor(() => expect(asked()).toHaveLength(1));
  coordinator.spooled(session);
  expect(asked()).toMatchObject([{ withdraw: { grantId } }, { withdraw: { grantId } }]);
  coordinator.refused(session, { grantId, code: "handed-back", reason: "new microcode" });
  const shard = () => coordinator.state.sweeps.get(sweepId)?.shards.get(shardId);
  await vi.waitFor(() => expect(shard()?.state).toBe("open"));
  await append(log, uncordoned());
  expect(await assigned(pushed, 2)).not.toBe(grantId);
});

test("after a rollback every agent hears that the log is another", async () => {
  const log = makeMemoryLog();
  const { pushed } = connect(start(log));
  const names = () => pushed.flatMap(({ logIdentity }) => logIdentity?.logId ?? []);
  await vi.waitFor(() => expect(names()).toEqual(["memory."]));
  const rollback = { type: "rollback", sweepId: "_", rollbackId: "r1", reason: "test" } as const;
  await append(log, rollback);
  await vi.waitFor(() => expect(names()).toEqual(["memory.", "memory.r1"]));
});

test("a quarantined cell is taken out of a running grant: the shard is granted anew without it", async () => {
  const log = makeMemoryLog();
  const shards = [hostId, "h2", "h3"].map((host) => ({ shardId: `${host}-1`, hostId: host }));
  await append(log, ...shards.map((shard) => planned(shard)), submitted({ shardCount: 3 }));
  const coordinator = start(log, { sleep: tickAtOnce });
  const { pushed } = connect(coordinator);
  const first = await assigned(pushed);
  for (const host of ["h2", "h3"]) {
    const place = { shardId: `${host}-1`, hostId: host, grantId: host };
    const granted = { type: "grant", sweepId, prev: null, ...place } as const;
    await append(log, granted, result({ ...place, cellId: "c1", terminal: "failed" }));
  }
  expect(await assigned(pushed, 2)).not.toBe(first);
  const cells = pushed.flatMap(({ assign }) => assign?.cells ?? []).map(({ cellId }) => cellId);
  expect(cells).toEqual(["c1", "c2", "c2"]);
});

test("a sweep that is open for longer than it may is cancelled, with the reason", async () => {
  const log = makeMemoryLog();
  const method = { ...precisionModes.smoke, maxSweepSeconds: 60 };
  await append(log, planned(), submitted({ method, submittedAtMs: 1_000 }));
  let nowMs = 60_999;
  const coordinator = start(log, { nowMs: () => nowMs, sleep: tickAtOnce });
  const { pushed } = connect(coordinator);
  const grantId = await assigned(pushed);
  const sweep = () => coordinator.state.sweeps.get(sweepId);
  expect(sweep()?.phase).toBe("open");
  nowMs = 61_000;
  await vi.waitFor(() => {
    expect(sweep()?.cancelReason).toContain("max_sweep_seconds of 60 s");
    expect(pushed.at(-1)).toMatchObject({ withdraw: { grantId } });
  });
});
