import type { AssignedLaunch, Assignment } from "../../shared/domain/assignment.ts";
import type { Method } from "../../shared/domain/method.ts";
import type { GrantedShard } from "../../shared/domain/shard.ts";

/** What an agent needs to begin a grant, or to go on with it after either side was away. */
export function toAssignment(shard: GrantedShard, method: Method): Assignment {
  const { grantId, sweepId, shardId } = shard;
  const progress = [...shard.cells.values()];
  return {
    grantId,
    sweepId,
    shardId,
    method,
    cells: progress.map(({ cellId, cell }) => ({ cellId, cell })),
    counted: progress.flatMap(({ cellId, launches, terminal }) =>
      launches.map(
        ({ launch, medianNs, invalid, elapsedMs }, index): AssignedLaunch => ({
          cellId,
          launch,
          medianNs,
          invalid,
          elapsedMs,
          terminal: terminal !== null && index === launches.length - 1,
        }),
      ),
    ),
  };
}
