import type { LogState, Sweep } from "../../../shared/domain/fold.ts";
import type { CountedLaunch, Shard } from "../../../shared/domain/shard.ts";
import { confirmationId, type Objective } from "../../../shared/domain/tune.ts";
import { logInterval } from "../../../shared/stats/interval.ts";
import { type Contest, contestCells } from "./confirmation.ts";
import { costOf } from "./trial-value.ts";
import type { Confirmation, Interval } from "./tune-report.ts";
import type { TuneState } from "./tune-state.ts";

type Absent = { readonly absent: string };

/** What the last comparison says of the first objective, or why it says nothing. */
export function confirmationOf(
  tune: TuneState,
  contest: Contest | null,
  state: LogState,
): Confirmation | Absent {
  const { confirmLaunches, objectives } = tune.plan.settings;
  if (confirmLaunches === 0) return { absent: "not asked for" };
  if (tune.ended === null) return { absent: "the tune goes on" };
  if (contest === null) return { absent: "no trial succeeded" };
  if (contestCells(contest).length < 2)
    return { absent: "the untuned settings are the best found" };
  const sweep = state.sweeps.get(confirmationId(tune.sweepId));
  if (sweep?.phase === "cancelled") return { absent: "the comparison was cancelled" };
  if (sweep === undefined || sweep.phase !== "sealed") return { absent: "the comparison runs" };
  return compare(sweep, contest, objectives[0] ?? "latency");
}

function compare(sweep: Sweep, contest: Contest, objective: Objective): Confirmation | Absent {
  const { untuned, recommended, runnerUp } = contest;
  const gainOf = (cellId: string): Interval | null =>
    pairedGain([...sweep.shards.values()], [untuned.cellId, cellId], objective);
  const first = recommended.cellId === untuned.cellId ? null : gainOf(recommended.cellId);
  const second = runnerUp === null ? null : gainOf(runnerUp.cellId);
  const takeSecond = second !== null && (first === null || second.value > first.value);
  const gain = takeSecond ? second : first;
  if (gain === null) return { absent: "no launch of both sides can be used" };
  return {
    sweepId: sweep.sweepId,
    launches: sweep.submitted?.method.minLaunches ?? 0,
    winner: takeSecond ? "runner-up" : "recommended",
    settings: takeSecond && runnerUp !== null ? runnerUp.cell : recommended.cell,
    gain,
  };
}

/** Cost of the first cell over the second's, launches of equal number and host in pairs. */
function pairedGain(
  shards: readonly Shard[],
  [base, other]: readonly [string, string],
  objective: Objective,
): Interval | null {
  const ratios = shards.flatMap(({ cells }) => {
    const bases = usable(cells.get(base)?.launches ?? [], objective);
    const others = usable(cells.get(other)?.launches ?? [], objective);
    return [...bases].flatMap(([launch, cost]) => {
      const against = others.get(launch);
      return against === undefined ? [] : [cost / against];
    });
  });
  if (ratios.length === 0) return null;
  const interval = logInterval(ratios);
  const [only = 1] = ratios;
  if (interval === null) return { value: only, low: null, high: null, pairs: 1 };
  const { estimate, low, high } = interval;
  return { value: estimate, low, high, pairs: ratios.length };
}

function usable(launches: readonly CountedLaunch[], objective: Objective): Map<number, number> {
  return new Map(
    launches.flatMap((launch): [number, number][] => {
      const cost = launch.invalid ? null : costOf(launch, objective);
      return cost === null ? [] : [[launch.launch, cost]];
    }),
  );
}
