import { FleetsweepError } from "../../shared/domain/errors.ts";
import type { LogState } from "../../shared/domain/fold.ts";
import type { ComparisonNote, Conclusion, Fire, Schedule } from "../../shared/domain/schedule.ts";
import { doInTurns } from "../../shared/runtime/do-in-turns.ts";
import { comparisonSteps } from "../analysis/compare/compare-sides.ts";
import { parseSide } from "../analysis/compare/side.ts";
import { buildHistory } from "../analysis/history.ts";
import { defaultMargin } from "../analysis/margin.ts";
import { previousSweep } from "../logic/schedule/open-fires.ts";
import { summarizeSweep } from "../logic/summary.ts";
import type { Projection } from "../store/projection.ts";

type Store = Pick<Projection, "readReportInput" | "readHistory">;

export interface ConcludingFire {
  readonly state: LogState;
  readonly schedule: Schedule;
  readonly fire: Fire;
}

/** What is to be said of a fire that is over; a comparison that cannot be made says why. */
export async function concludeFire(
  store: Store,
  { state, schedule, fire }: ConcludingFire,
  signature: Pick<Conclusion, "atMs" | "coordinatorId">,
): Promise<Conclusion> {
  const sweep = state.sweeps.get(fire.sweepId);
  const cells = sweep === undefined ? null : summarizeSweep(sweep).cells;
  const counts = { cells: cells?.total ?? 0, failedCells: cells?.failed ?? 0 };
  const nothing = { previous: null, baseline: null, changedCells: 0 };
  if (fire.notStarted !== null || sweep?.phase !== "sealed") {
    const outcome = fire.notStarted === null ? "cancelled" : "not-started";
    const problem = fire.notStarted ?? sweep?.cancelReason ?? null;
    return { outcome, ...counts, ...nothing, problem, ...signature };
  }
  const problems: string[] = [];
  const compareWith = async (sweepId: string | null): Promise<ComparisonNote | null> => {
    if (sweepId === null || sweepId === fire.sweepId) return null;
    return await orProblem(problems, () => compare(store, sweepId, fire.sweepId));
  };
  const previousId = previousSweep(state, schedule, fire);
  const previous = await compareWith(previousId);
  const baseline = await compareWith(schedule.baselineSweepId);
  const recent = [fire.sweepId, ...(previousId === null ? [] : [previousId])];
  const changedCells = (await orProblem(problems, () => countChanges(store, recent))) ?? 0;
  const problem = problems.length === 0 ? null : problems.join("; ").slice(0, 4_000);
  return { outcome: "done", ...counts, previous, baseline, changedCells, problem, ...signature };
}

async function compare(store: Store, before: string, after: string): Promise<ComparisonNote> {
  const scope = { withCalls: false };
  const [a, b] = [
    await store.readReportInput(before, scope),
    await store.readReportInput(after, scope),
  ];
  const sides = { a: parseSide(before), b: parseSide(after) };
  const request = { ...sides, objective: "latency", margin: defaultMargin } as const;
  const found = await doInTurns(comparisonSteps({ a, b }, request));
  const { counts, outcome, mean } = found;
  return { sweepId: before, outcome, ...counts, ratio: mean.value };
}

/** Cells of the newest sweep whose level changed with it or with the one before: see buildHistory. */
async function countChanges(store: Store, recent: readonly string[]): Promise<number> {
  const [newest = ""] = recent;
  const histories = await store.readHistory(newest);
  return histories.filter(({ hostId, cell, entries }) =>
    buildHistory(hostId, cell, entries).changes.some(({ sweepId }) => recent.includes(sweepId)),
  ).length;
}

async function orProblem<Value>(
  problems: string[],
  work: () => Promise<Value>,
): Promise<Value | null> {
  try {
    return await work();
  } catch (error) {
    // A store that is busy or away is asked again; what the data does not give is said once.
    if (!(error instanceof FleetsweepError) || error.retryable) throw error;
    problems.push(error.message);
    return null;
  }
}
