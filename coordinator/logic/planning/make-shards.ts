import { type Cell, type Digest, makeCellId } from "../../../shared/domain/cell.ts";
import type { PlannedCell } from "../../../shared/domain/log-event.ts";
import type { ShardPlan } from "../sweep-plan.ts";
import type { CellGroup } from "./cell-groups.ts";

/** Cells of a shard: what is lost and repeated when a host dies, and one message in the log. */
export const maxShardCells = 64;

/** Runs of groups that go to one host together; a group larger than a shard stands in several. */
export function* packShards(groups: readonly CellGroup[]): Generator<readonly CellGroup[]> {
  let pending: CellGroup[] = [];
  let size = 0;
  for (const group of groups) {
    for (let start = 0; start < group.calls.length; start += maxShardCells) {
      const calls = group.calls.slice(start, start + maxShardCells);
      if (size + calls.length > maxShardCells) {
        yield pending;
        pending = [];
        size = 0;
      }
      pending.push({ ...group, calls });
      size += calls.length;
    }
  }
  if (pending.length > 0) yield pending;
}

/** The host's shards with their cells, one at a time: a large plan never stands in memory twice. */
export function* makeShards(
  groups: readonly CellGroup[],
  hostNumber: number,
  digest: Digest,
): Generator<ShardPlan> {
  let number = 0;
  for (const packed of packShards(groups)) {
    number += 1;
    const shardId = `h${hostNumber}-${String(number).padStart(4, "0")}`;
    yield { shardId, cells: packed.flatMap((group) => makeCells(group, digest)) };
  }
}

function makeCells(group: CellGroup, digest: Digest): readonly PlannedCell[] {
  const { version } = group.runner.declaration;
  return group.calls.map((call) => {
    const cell: Cell = {
      ...group.runner.cell,
      ...group.row.axes,
      batch_size: call.batch,
      sequence_length: call.sequence,
    };
    return { cellId: makeCellId(cell, version, digest), cell };
  });
}
