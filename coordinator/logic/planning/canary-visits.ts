import type { SweepSpec } from "../sweep-spec.ts";
import type { CellGroup } from "./cell-groups.ts";
import { estimateGroup } from "./estimate.ts";

/**
 * Which of a host's shards measure the canaries too: the first and the last, and between them each with which at
 * least the wanted time is estimated to have passed. Within a shard launches interleave, so that a visit lasts as
 * long as its shard.
 */
export function chooseVisits(
  shards: readonly (readonly CellGroup[])[],
  { canaries, method }: Pick<SweepSpec, "canaries" | "method">,
): readonly boolean[] {
  const everySeconds = 60 * (canaries?.everyMinutes ?? Number.POSITIVE_INFINITY);
  let since = Number.POSITIVE_INFINITY;
  return shards.map((groups, index) => {
    const visited = since >= everySeconds || index === shards.length - 1;
    if (visited) since = 0;
    since += groups.reduce((sum, group) => sum + estimateGroup(group, method), 0);
    return visited;
  });
}
