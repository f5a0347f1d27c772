import type { AssignedLaunch, Assignment } from "../../shared/domain/assignment.ts";
import type { Method } from "../../shared/domain/method.ts";
import type { GrantedShard } from "../../shared/domain/shard.ts";

/** What an agent needs to begin a grant, or to go on with it after either side was away. */
export function toAssignment(shard: GrantedShard, method: Method): Assignment {
  const { grantId, sweepId, shardId } = shard;
  // A quarantined cell needs no launch at all, so no counted one could say that it is done.
  const progress = [...shard.cells.values()].filter(({ terminal }) => terminal !== "quarantined");
  return {
    grantId,
    sweepId,
    shardId,
    method,
    cells: progress.map(({ cellId, cell }) => ({ cellId, cell })),
    counted: progress.flatMap(({ cellId, launches, terminal }) =>
      launches.map(
        ({ launch, medianNs, failure, invalid, elapsedMs }, index): AssignedLaunch => ({
          cellId,
          launch,
          medianNs,
          failure,
          invalid,
          elapsedMs,
          terminal: terminal !== null && index === launches.length - 1,
        }),
      ),
    ),
  };
}
