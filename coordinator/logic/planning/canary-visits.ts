import { fewestCanaryLaunches } from "../../../shared/domain/canary.ts";
import type { SweepSpec } from "../sweep-spec.ts";
import type { CellGroup } from "./cell-groups.ts";
import { estimateGroup } from "./estimate.ts";

/** Visits of one shard: where its cells have one launch each, these are the fewest that tell a drift. */
export const maxVisits = fewestCanaryLaunches;

/**
 * How often each of a host's shards measures the canaries: the first and the last once at least, and between them
 * each with which at least the wanted time is estimated to have passed. Launches of a shard interleave, so that those
 * of one visit are spread over it; a shard that lasts longer than they can cover has several, at most `most`. A sweep
 * too short for as many launches as tell a drift has these all the same, but not where one launch is all it asks for.
 */
export function chooseVisits(
  shards: readonly (readonly CellGroup[])[],
  { canaries, method }: Pick<SweepSpec, "canaries" | "method">,
  most = maxVisits,
): readonly number[] {
  const everySeconds = 60 * (canaries?.everyMinutes ?? Number.POSITIVE_INFINITY);
  const coveredSeconds = everySeconds * (method.interleave ? method.minLaunches : 1);
  let since = Number.POSITIVE_INFINITY;
  const due = shards.map((groups, index) => {
    const seconds = groups.reduce((sum, group) => sum + estimateGroup(group, method), 0);
    const visited = since >= everySeconds || index === shards.length - 1;
    since = seconds + (visited ? 0 : since);
    return visited ? Math.max(1, Math.ceil(seconds / coveredSeconds)) : 0;
  });
  const visited = due.filter((visits) => visits > 0).length;
  const needed = method.precision === "smoke" ? 1 : fewestCanaryLaunches / method.minLaunches;
  const fewest = Math.ceil(needed / visited);
  return due.map((visits) => (visits === 0 ? 0 : Math.min(most, Math.max(visits, fewest))));
}
