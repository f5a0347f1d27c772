import type { ArrivalMessage, DoneMessage } from "../contract.ts";
import type { ContractRule } from "./contract-rule.ts";
import type { CheckRequest, CheckSession } from "./session.ts";

const offers =
  (pattern: string) =>
  ({ entry }: CheckRequest): boolean =>
    (entry.declaration.arrivals ?? ["closed"]).includes(pattern);

const offlineCalls = 12;
/** 5 ms apart: a schedule that a small model can keep. */
const offsets_ns = Array.from({ length: 20 }, (_, index) => index * 5_000_000);

/** Patterns beside the closed loop, for programs that declare them. */
export const arrivalRules: readonly ContractRule[] = [
  {
    name: "offline",
    asks: "arrival offline: exactly go.calls calls",
    applies: offers("offline"),
    check: (session) =>
      checkArrival(session, { pattern: "offline" }, ({ durations_ns: { length } }) =>
        length === offlineCalls ? [] : [`${length} calls, ${offlineCalls} were asked for`],
      ),
  },
  {
    name: "multi-stream",
    asks: "arrival multi-stream: one duration for each group of calls",
    applies: offers("multi-stream"),
    check: (session) => checkArrival(session, { pattern: "multi-stream", streams: 2 }, () => []),
  },
  {
    name: "server",
    asks: "arrival server: calls by the schedule, timed from their intended starts",
    applies: offers("server"),
    check: (session) => checkArrival(session, { pattern: "server", offsets_ns }, scheduleProblems),
  },
];

async function checkArrival(
  session: CheckSession,
  arrival: ArrivalMessage,
  look: (done: DoneMessage) => readonly string[],
): Promise<readonly string[]> {
  await session.start();
  const warm = await session.prepare("c1", { arrival });
  if (warm.type !== "warm") return [`"${warm.type}" came, not "warm"`];
  session.go("c1", arrival.pattern === "offline" ? offlineCalls : undefined);
  let message = await session.next();
  if (message.type === "enough") message = await session.next();
  if (message.type !== "done") return [`"${message.type}" came, not "done"`];
  const measured = message.arrival ?? "closed";
  if (measured !== arrival.pattern) return [`it measured ${measured}, not ${arrival.pattern}`];
  return look(message);
}

function scheduleProblems(done: DoneMessage): readonly string[] {
  const { durations_ns: durations, service_ns: service } = done;
  if (service === undefined) return ["done has no service_ns"];
  if (service.length !== durations.length) {
    return [`${durations.length} durations and ${service.length} service times`];
  }
  const early = durations.filter((duration, index) => duration < (service[index] ?? 0)).length;
  const problems = early === 0 ? [] : [`${early} calls ended before their service could`];
  const elapsed = Number(BigInt(done.ended_ns) - BigInt(done.started_ns));
  const last = offsets_ns[durations.length - 1] ?? 0;
  return elapsed < last
    ? [...problems, `${elapsed} ns in all, though call ${durations.length} was due at ${last} ns`]
    : problems;
}
