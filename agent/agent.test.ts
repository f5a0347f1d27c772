import { afterAll, expect, test, vi } from "vitest";
import type { AttachRequest } from "../proto/gen/fleetsweep/v1/AttachRequest.ts";
import type { AttachResponse__Output } from "../proto/gen/fleetsweep/v1/AttachResponse.ts";
import type { Assignment } from "../shared/domain/assignment.ts";
import { precisionModes } from "../shared/domain/method.ts";
import type { Topology } from "../shared/domain/topology.ts";
import { toAssign } from "../shared/rpc/assignment-codec.ts";
import { loadServices } from "../shared/rpc/load-proto.ts";
import { systemClock } from "../shared/runtime/clock.ts";
import { silentLogger } from "../shared/runtime/logger.ts";
import { result } from "../shared/testing/log-events.ts";
import { MemorySpool } from "../test/support/memory-spool.ts";
import { Agent } from "./agent.ts";
import type { MeasureShard } from "./shard-reporter.ts";

const running = new AbortController();
afterAll(() => running.abort());

function makeAgent(measure: MeasureShard, spool = new MemorySpool()) {
  const told: AttachRequest[] = [];
  const republish = vi.fn<() => void>();
  const agent = new Agent({
    hostId: "h1",
    agentVersion: "1",
    labels: {},
    host: { current: {} as Topology, refresh: async () => false },
    runners: [],
    spool,
    publisher: { notice: () => {}, republish, settled: async () => {} },
    instanceId: "i1",
    measure,
    logger: silentLogger,
    clock: systemClock,
  });
  agent.connect((message) => told.push(message));
  agent.run(running.signal).catch(() => {});
  return { agent, told, spool, republish };
}

function assign(grantId: string, overrides: Partial<Assignment> = {}): AttachResponse__Output {
  const assignment: Assignment = {
    grantId,
    sweepId: "s1",
    shardId: "h1-0001",
    method: precisionModes.smoke,
    cells: [{ cellId: "c1", cell: { batch_size: 1 } }],
    counted: [],
    ...overrides,
  };
  const { Attach } = loadServices().AgentLinkService.service;
  const bytes = Attach.responseSerialize({ assign: toAssign(assignment) });
  return Attach.responseDeserialize(bytes);
}

test("a grant is worked on once, however often it is assigned", async () => {
  const measure = vi.fn<MeasureShard>(async () => {});
  const { agent, told } = makeAgent(measure);
  agent.handle(assign("g1"));
  agent.handle(assign("g1"));
  await vi.waitFor(() => expect(measure).toHaveBeenCalledTimes(1));
  agent.handle(assign("g1"));
  agent.handle(assign("g2"));
  await vi.waitFor(() => expect(measure).toHaveBeenCalledTimes(2));
  expect(told.filter(({ accept }) => accept)).toHaveLength(2);
});

test("two grants are worked on one after the other", async () => {
  let atOnce = 0;
  let most = 0;
  const measure: MeasureShard = async () => {
    most = Math.max(most, ++atOnce);
    await new Promise((resolve) => setImmediate(resolve));
    atOnce -= 1;
  };
  const { agent, told } = makeAgent(measure);
  agent.handle(assign("g1"));
  agent.handle(assign("g2"));
  const states = () => told.flatMap(({ heartbeat }) => heartbeat?.state ?? []);
  // Who has more to do is not idle in between.
  await vi.waitFor(() => expect(states()).toEqual(["measuring", "idle"]));
  expect(most).toBe(1);
});

test("a withdrawn grant ends its launch", async () => {
  const ended = vi.fn<() => void>();
  const measure = vi.fn<MeasureShard>(async (_assignment, _report, signal) => {
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    ended();
  });
  const { agent } = makeAgent(measure);
  agent.handle(assign("g1"));
  await vi.waitFor(() => expect(measure).toHaveBeenCalled());
  agent.handle({
    message: "withdraw",
    withdraw: { grantId: "g1", reason: "test", finishLaunch: false },
  });
  await vi.waitFor(() => expect(ended).toHaveBeenCalled());
});

test("a grant that is assigned again after it was withdrawn is worked on again", async () => {
  const measure = vi.fn<MeasureShard>(async (_assignment, _report, signal) => {
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  });
  const { agent } = makeAgent(measure);
  agent.handle(assign("g1"));
  await vi.waitFor(() => expect(measure).toHaveBeenCalledTimes(1));
  agent.handle({
    message: "withdraw",
    withdraw: { grantId: "g1", reason: "test", finishLaunch: false },
  });
  await vi.waitFor(() => expect(agent.heartbeat().state).toBe("idle"));
  agent.handle(assign("g1"));
  await vi.waitFor(() => expect(measure).toHaveBeenCalledTimes(2));
});

test("an agent that was restarted counts what its spool holds of the grant", async () => {
  const spool = new MemorySpool();
  spool.results.push(result({ grantId: "g1", cellId: "c1", launch: 1 }).result);
  const measure = vi.fn<MeasureShard>(async () => {});
  const { agent } = makeAgent(measure, spool);
  agent.handle(assign("g1"));
  await vi.waitFor(() => expect(measure).toHaveBeenCalled());
  expect(measure.mock.calls[0]?.[0].counted).toMatchObject([{ cellId: "c1", launch: 1 }]);
});

test("a full spool pauses measuring and loses nothing", async () => {
  const spool = new MemorySpool();
  spool.full = true;
  const measure: MeasureShard = async (_assignment, report) => {
    await report.results([result().result]);
  };
  const { agent } = makeAgent(measure, spool);
  agent.handle(assign("g1"));
  await vi.waitFor(() => expect(agent.heartbeat().state).toMatch(/^paused: .*full/));
  spool.full = false;
  await vi.waitFor(() => expect(spool.results).toHaveLength(1), { timeout: 5_000 });
});

test("an assignment of an unknown method is refused with the reason", () => {
  const { agent, told } = makeAgent(async () => {});
  const message = assign("g1");
  if (message.assign?.method) message.assign.method.precision = "perfect";
  agent.handle(message);
  expect(told[0]?.refuse).toMatchObject({
    grantId: "g1",
    reason: expect.stringContaining("perfect"),
  });
});

test("a grant that is to be given back ends after its launch, once its results are published", async () => {
  let proceed = (): void => {};
  let launches = 0;
  const measure: MeasureShard = async (_assignment, report) => {
    while (report.goOn()) {
      launches += 1;
      await new Promise<void>((resolve) => {
        proceed = resolve;
      });
    }
  };
  const { agent, told } = makeAgent(measure);
  agent.handle(assign("g1"));
  await vi.waitFor(() => expect(launches).toBe(1));
  const withdraw = { grantId: "g1", reason: "new microcode", finishLaunch: true };
  agent.handle({ message: "withdraw", withdraw });
  expect(told.some(({ refuse }) => refuse)).toBe(false);
  proceed();
  await vi.waitFor(() =>
    expect(told.at(-1)?.refuse ?? told.at(-2)?.refuse).toMatchObject({
      grantId: "g1",
      code: "handed-back",
    }),
  );
  expect(launches).toBe(1);
  // A coordinator that did not hear it asks again, and is answered again.
  agent.handle({ message: "withdraw", withdraw });
  await vi.waitFor(() => expect(told.filter(({ refuse }) => refuse)).toHaveLength(2));
  // Undrained, the same grant may come again and is worked on.
  agent.handle(assign("g1"));
  await vi.waitFor(() => expect(launches).toBe(2));
});

test("an agent that is to stop lets its launch end and begins no other", async () => {
  let proceed = (): void => {};
  const measure = vi.fn<MeasureShard>(async (_assignment, report) => {
    await new Promise<void>((resolve) => {
      proceed = resolve;
    });
    expect(report.goOn()).toBe(false);
  });
  const { agent } = makeAgent(measure);
  agent.handle(assign("g1"));
  agent.handle(assign("g2"));
  await vi.waitFor(() => expect(measure).toHaveBeenCalledTimes(1));
  const stopped = agent.finish(running.signal);
  proceed();
  await stopped;
  expect(measure).toHaveBeenCalledTimes(1);
});

test("another log than before has the spool published again, and finished grants may come again", async () => {
  const measure = vi.fn<MeasureShard>(async () => {});
  const { agent, republish } = makeAgent(measure);
  const name = (logId: string): void =>
    agent.handle({ message: "logIdentity", logIdentity: { logId } });
  name("a.");
  agent.handle(assign("g1"));
  await vi.waitFor(() => expect(measure).toHaveBeenCalledTimes(1));
  name("a.");
  expect(republish).not.toHaveBeenCalled();
  name("a.r1");
  expect(republish).toHaveBeenCalledTimes(1);
  agent.handle(assign("g1"));
  await vi.waitFor(() => expect(measure).toHaveBeenCalledTimes(2));
});

test("released results leave the spool", async () => {
  const { agent, spool } = makeAgent(async () => {});
  spool.results.push(result().result);
  agent.handle({ message: "release", release: { attemptIds: ["g1-c1-1"] } });
  await vi.waitFor(() => expect(spool.results).toHaveLength(0));
});

test("who waits for another agent of the machine says for whom, and is not idle", async () => {
  let goOn = (): void => {};
  const turn = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const { agent, told } = makeAgent(async (_assignment, report) => {
    report.waiting("agent h2 (process 7)");
    await turn;
    report.waiting(null);
  });
  agent.handle(assign("g1"));
  const states = () => told.flatMap(({ heartbeat }) => heartbeat?.state ?? []);
  const paused = "paused: agent h2 (process 7) measures on this machine";
  await vi.waitFor(() => expect(states()).toEqual([paused]));
  expect(agent.heartbeat().state).toBe(paused);
  goOn();
  await vi.waitFor(() => expect(states()).toEqual([paused, "measuring", "idle"]));
});

test("a finished grant is taken up again while its results are kept and the log wants more", async () => {
  const spool = new MemorySpool();
  const { result: kept } = result({ grantId: "g1" });
  const measure = vi.fn<MeasureShard>(async (_assignment, report) => {
    if (spool.results.length === 0) await report.results([kept]);
  });
  const { agent } = makeAgent(measure, spool);
  agent.handle(assign("g1"));
  await vi.waitFor(() => expect(measure).toHaveBeenCalledTimes(1));
  await vi.waitFor(() => expect(agent.heartbeat().state).toBe("idle"));
  agent.handle(assign("g1"));
  await vi.waitFor(() => expect(measure).toHaveBeenCalledTimes(2));
  await vi.waitFor(() => expect(agent.heartbeat().state).toBe("idle"));
  await spool.remove([kept.attemptId]);
  agent.handle(assign("g1"));
  agent.handle(assign("g2"));
  await vi.waitFor(() => expect(measure).toHaveBeenCalledTimes(3));
});

test("a finished grant that is given again is not measured again where its results are released before its turn", async () => {
  const spool = new MemorySpool();
  const { result: kept } = result({ grantId: "g1" });
  let goOn = (): void => {};
  const measured: string[] = [];
  const { agent } = makeAgent(async ({ grantId }, report) => {
    measured.push(grantId);
    if (grantId === "g1") await report.results([kept]);
    else await new Promise<void>((resolve) => (goOn = resolve));
  }, spool);
  agent.handle(assign("g1"));
  await vi.waitFor(() => expect(agent.heartbeat().state).toBe("idle"));
  agent.handle(assign("g2"));
  await vi.waitFor(() => expect(measured).toEqual(["g1", "g2"]));
  agent.handle(assign("g1"));
  await spool.remove([kept.attemptId]);
  goOn();
  await vi.waitFor(() => expect(agent.heartbeat().state).toBe("idle"));
  expect(measured).toEqual(["g1", "g2"]);
});
