import type { DoneMessage, RunnerMessage } from "../contract.ts";
import { arrivalRules } from "./arrival-rules.ts";
import type { ContractRule } from "./contract-rule.ts";
import { type CheckSession, checkTimes } from "./session.ts";

export const rules: readonly ContractRule[] = [
  {
    name: "start",
    asks: "ready after start, with the threads that were asked for",
    check: checkStart,
  },
  {
    name: "cell",
    asks: "warm, enough and done for a cell, with times of its own",
    check: checkCell,
  },
  {
    name: "equal-work",
    asks: "equal checksums for equal work, in one process",
    check: checkEqualWork,
  },
  { name: "run-on", asks: "with run_on: goes on after enough until finish", check: checkRunOn },
  ...arrivalRules,
  { name: "stop", asks: "ends with exit code 0 after stop", check: checkStop },
  { name: "stdin-closed", asks: "ends when stdin closes while it waits", check: checkClosedIdle },
  {
    name: "stdin-closed-busy",
    asks: "ends when stdin closes while it measures",
    check: checkClosedBusy,
  },
];

/** The violations of a message that should have been another. */
function unexpected(message: RunnerMessage, wanted: string): readonly string[] {
  const why = message.type === "failed" ? ` (${message.reason}: ${message.message})` : "";
  return [`"${message.type}"${why} came, not "${wanted}"`];
}

async function checkStart(session: CheckSession): Promise<readonly string[]> {
  const ready = await session.start();
  if (ready.type !== "ready") return unexpected(ready, "ready");
  const problems: string[] = [];
  if (ready.threads !== 1) problems.push(`it computes with ${ready.threads} threads, not with 1`);
  if (Object.keys(ready.versions).length === 0) problems.push("ready.versions names nothing");
  return problems;
}

async function checkCell(session: CheckSession): Promise<readonly string[]> {
  await session.start();
  const warm = await session.prepare("c1");
  if (warm.type !== "warm") return unexpected(warm, "warm");
  const problems =
    warm.calls < 2 ? [`it warmed up with ${warm.calls} calls, at least 2 are due`] : [];
  const before = session.nowNs();
  session.go("c1");
  const enough = await session.next();
  if (enough.type !== "enough") return [...problems, ...unexpected(enough, "enough")];
  const done = await session.next();
  if (done.type !== "done") return [...problems, ...unexpected(done, "done")];
  for (const { type, cell } of [warm, enough, done]) {
    if (cell !== "c1") problems.push(`"${type}" names the cell ${cell}, not c1`);
  }
  return [...problems, ...timeProblems(done, { before, after: session.nowNs() })];
}

/** What is wrong with the times of a closed loop. */
function timeProblems(
  done: DoneMessage,
  { before, after }: { before: bigint; after: bigint },
): readonly string[] {
  const problems: string[] = [];
  const [started, ended] = [BigInt(done.started_ns), BigInt(done.ended_ns)];
  if (started < before || ended > after || ended < started) {
    problems.push(
      `its times ${started} to ${ended} lie outside of ${before} to ${after}: are they CLOCK_MONOTONIC in ns?`,
    );
  }
  const calls = done.durations_ns.length;
  const elapsed = Number(ended - started);
  const sum = done.durations_ns.reduce((total, duration) => total + duration, 0);
  if (sum > elapsed) problems.push(`its calls took ${sum} ns within ${elapsed} ns`);
  if (calls > checkTimes.maxCalls) problems.push(`${calls} calls, at most ${checkTimes.maxCalls}`);
  const isCapped = elapsed >= checkTimes.maxMs * 1e6;
  if (calls < checkTimes.minCalls && !isCapped) {
    problems.push(`${calls} calls, at least ${checkTimes.minCalls}`);
  }
  if (elapsed < checkTimes.minMs * 1e6 && calls < checkTimes.maxCalls) {
    problems.push(`it measured for ${elapsed} ns, at least ${checkTimes.minMs} ms`);
  }
  return problems;
}

async function checkEqualWork(session: CheckSession): Promise<readonly string[]> {
  await session.start();
  const checksums: string[] = [];
  for (const cell of ["c1", "c2"]) {
    const done = await measure(session, cell);
    if (done.type !== "done") return unexpected(done, "done");
    checksums.push(done.checksum);
  }
  const [first, second] = checksums;
  return first === second ? [] : [`checksums ${first} and ${second} of the same cell`];
}

/** A whole cell; what came in the place of `done` where something else did. */
async function measure(session: CheckSession, cell: string): Promise<RunnerMessage> {
  const warm = await session.prepare(cell);
  if (warm.type !== "warm") return warm;
  session.go(cell);
  const first = await session.next();
  return first.type === "enough" ? await session.next() : first;
}

async function checkRunOn(session: CheckSession): Promise<readonly string[]> {
  await session.start();
  const warm = await session.prepare("c1", { runOn: true, maxMs: 60_000 });
  if (warm.type !== "warm") return unexpected(warm, "warm");
  session.go("c1");
  const enough = await session.next();
  if (enough.type !== "enough") return unexpected(enough, "enough");
  const enoughNs = session.nowNs();
  await session.endsWithin(200);
  const finishNs = session.nowNs();
  session.instance.send({ type: "finish", cell: "c1" });
  const done = await session.next();
  if (done.type !== "done") return unexpected(done, "done");
  const ended = BigInt(done.ended_ns);
  // A program that stops at `enough` ends no later than it said so.
  return ended <= enoughNs && finishNs - enoughNs > 100_000_000n
    ? ["it stopped at enough and did not keep the others company"]
    : [];
}

async function checkStop(session: CheckSession): Promise<readonly string[]> {
  await session.start();
  session.instance.send({ type: "stop" });
  if (!(await session.endsWithin(session.endMs))) return [stillRuns(session.endMs, "after stop")];
  const { code = null, signal = null } = session.instance.exit ?? {};
  return code === 0 ? [] : [`it ended with ${signal ?? `exit code ${code}`}`];
}

async function checkClosedIdle(session: CheckSession): Promise<readonly string[]> {
  await session.start();
  session.instance.closeInput();
  return (await session.endsWithin(session.endMs)) ? [] : [stillRuns(session.endMs, "later")];
}

async function checkClosedBusy(session: CheckSession): Promise<readonly string[]> {
  await session.start();
  const maxMs = 2_000;
  const warm = await session.prepare("c1", { runOn: true, maxMs });
  if (warm.type !== "warm") return unexpected(warm, "warm");
  session.go("c1");
  session.instance.closeInput();
  const bound = maxMs + session.endMs;
  return (await session.endsWithin(bound)) ? [] : [stillRuns(bound, "later")];
}

function stillRuns(boundMs: number, when: string): string {
  return `it still runs ${(boundMs / 1_000).toFixed(1)} s ${when}`;
}
