import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { type AgentMessage, contractLimits, type RunnerMessage } from "../../runner/contract.ts";
import { serve } from "./serve.ts";
import { timeCalls } from "./timed.ts";
import { warmUp } from "./warm-up.ts";
import { type LoadWorkload, RunnerFault } from "./workload.ts";

const ms = 1_000_000n;

/** A clock that a call moves by as many ms as its turn says. */
function clockwork(durations: readonly number[], rest: number) {
  let now = 5n * ms;
  let calls = 0;
  return {
    nowNs: () => now,
    call: () => {
      now += BigInt(durations[calls++] ?? rest) * ms;
    },
    count: () => calls,
  };
}

test("warm-up ends when the calls have settled, and reports the first one apart", async () => {
  const { nowNs, call } = clockwork([500, ...Array.from({ length: 30 }, () => 40)], 10);
  const warmed = await warmUp(call, nowNs, 60_000);
  expect(warmed.firstCallNs).toBe(500_000_000);
  expect(warmed.steady).toBe(true);
  // 31 slow calls, then two windows of 20, found at the next test of 5 calls.
  expect(warmed.calls).toBeGreaterThanOrEqual(71);
  expect(warmed.calls).toBeLessThanOrEqual(76);
  expect(warmed.durationsNs).toHaveLength(warmed.calls);
  expect(warmed.durationsNs.slice(0, 2)).toEqual([500_000_000, 40_000_000]);
});

test("a long warm-up tells its last calls, no more than the contract takes", async () => {
  const { nowNs, call } = clockwork(
    Array.from({ length: 10_000 }, (_, i) => 1 + i),
    1,
  );
  const { calls, durationsNs } = await warmUp(call, nowNs, 45_000);
  expect(calls).toBeGreaterThan(contractLimits.warmupCalls);
  expect(durationsNs).toHaveLength(contractLimits.warmupCalls);
  expect(durationsNs.at(-1)).toBe(Math.max(...durationsNs));
});

test("warm-up that never settles ends at its cap and says so", async () => {
  const { nowNs, call } = clockwork(
    Array.from({ length: 10_000 }, (_, i) => 1 + i),
    1,
  );
  const warmed = await warmUp(call, nowNs, 1_000);
  expect(warmed.steady).toBe(false);
  expect(warmed.calls).toBe(45);
});

const timed = { min_calls: 10, max_calls: 50, min_ms: 30, max_ms: 200 };

test.each([
  [1, 30],
  [5, 10],
  [40, 5],
])("calls of %i ms are timed until count and duration suffice: %i calls", async (length, calls) => {
  const { nowNs, call } = clockwork([], length);
  const run = await timeCalls(call, nowNs, {
    timed,
    runOn: false,
    onEnough: () => undefined,
    isFinishing: () => false,
  });
  expect(run.durationsNs).toEqual(Array.from({ length: calls }, () => length * 1e6));
  expect(run.endedNs - run.startedNs).toBe(BigInt(calls * length) * ms);
});

test("with run_on calls go on past enough until finish, and at most to the cap", async () => {
  const finishing = clockwork([], 5);
  let enough = 0;
  const run = (work: typeof finishing, until: number) =>
    timeCalls(work.call, work.nowNs, {
      timed,
      runOn: true,
      onEnough: () => enough++,
      isFinishing: () => work.count() >= until,
    });
  expect((await run(finishing, 17)).durationsNs).toHaveLength(17);
  expect((await run(clockwork([], 5), 1_000)).durationsNs).toHaveLength(40);
  expect(enough).toBe(2);
});

const start: AgentMessage = {
  type: "start",
  contract: 1,
  instance: 0,
  instances: 1,
  pus: [0],
  threads: 1,
  mode: "m",
  dtype: "fp32",
  model: { kind: "built-in", name: "x" },
  parameters: {},
  seed: 1,
};

function prepare(cell: string): AgentMessage {
  const warmup = { max_ms: 10 };
  return {
    type: "prepare",
    cell,
    batch_size: 1,
    sequence_length: 8,
    warmup,
    timed: { min_calls: 2, max_calls: 4, min_ms: 0, max_ms: 100 },
    arrival: { pattern: "closed" },
    run_on: false,
  };
}

/** Plays messages to a runner; resolves with what it said and its exit code. */
async function converse(load: LoadWorkload, messages: readonly AgentMessage[]) {
  const input = new PassThrough();
  const written: string[] = [];
  let code: number | undefined;
  for (const message of messages) input.write(`${JSON.stringify(message)}\n`);
  await serve(
    {
      input,
      write: (lines) => written.push(lines),
      nowNs: () => process.hrtime.bigint(),
      exit: (status) => {
        code ??= status;
      },
    },
    load,
  );
  const parse = (lines: string): RunnerMessage[] =>
    lines.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as RunnerMessage]));
  const said = written.flatMap(parse);
  return { types: said.map(({ type }) => type), said, writes: written.length, code };
}

const load: LoadWorkload = () =>
  Promise.resolve({
    versions: { x: "1" },
    threads: 1,
    readback: {},
    prepare: ({ sequenceLength }) =>
      sequenceLength === null
        ? Promise.reject(new RunnerFault("cell-unsupported", "no sequence"))
        : Promise.resolve({ call: () => undefined, checksum: () => "c" }),
  });

test("a conversation goes from start to done for each cell, and ends with stop", async () => {
  const cells = ["a", "b"].flatMap((cell): AgentMessage[] => [prepare(cell), { type: "go", cell }]);
  const { types, writes, code } = await converse(load, [start, ...cells, { type: "stop" }]);
  const one = ["warm", "enough", "done"];
  expect(types).toEqual(["ready", ...one, ...one]);
  // The agent is not to wake up for `enough` alone where nobody waits for it.
  expect(writes).toBe(5);
  expect(code).toBe(0);
});

test("a cell that the workload does not take fails alone", async () => {
  const refused = { ...prepare("a"), sequence_length: null } as AgentMessage;
  const cell = "b";
  const { types } = await converse(load, [
    start,
    refused,
    prepare(cell),
    { type: "go", cell },
    { type: "stop" },
  ]);
  expect(types).toEqual(["ready", "failed", "warm", "enough", "done"]);
});

test("a model that cannot be loaded is reported, and the runner ends", async () => {
  const broken: LoadWorkload = () => Promise.reject(new RunnerFault("model-missing", "gone"));
  const { said, code } = await converse(broken, [start]);
  expect(said).toEqual([{ type: "failed", cell: null, reason: "model-missing", message: "gone" }]);
  expect(code).toBe(1);
});

test("a line that is no message ends the runner with an error", async () => {
  await expect(converse(load, [{ type: "nonsense" } as never])).rejects.toThrow("not a message");
});
