import { type Cell, canonicalCell, type Digest, digestCell } from "../../../shared/domain/cell.ts";
import type { PlannedCell } from "../../../shared/domain/log-event.ts";
import type { ShardPlan } from "../sweep-plan.ts";
import type { CallShape } from "./call-shapes.ts";
import type { CellGroup } from "./cell-groups.ts";
import type { HostOutline } from "./outline-host.ts";

/** Cells of a shard: what is lost and repeated when a host dies, and one message in the log. */
export const maxShardCells = 64;

/** Runs of groups that go to one host together; a group larger than a shard stands in several. */
function* packShards(groups: readonly CellGroup[]): Generator<readonly CellGroup[]> {
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
  { groups, movableTo }: Pick<HostOutline, "groups" | "movableTo">,
  hostNumber: number,
  digest: Digest,
): Generator<ShardPlan> {
  let number = 0;
  for (const packed of packShards(groups)) {
    number += 1;
    const shardId = `h${hostNumber}-${String(number).padStart(4, "0")}`;
    yield { shardId, movableTo, cells: packed.flatMap((group) => makeCells(group, digest)) };
  }
}

function makeCells(group: CellGroup, digest: Digest): readonly PlannedCell[] {
  const { version } = group.runner.declaration;
  const shared: Cell = { ...group.runner.cell, ...group.row.axes };
  const canonical = canonicalTemplate(shared);
  return group.calls.map((call) => ({
    cellId: digestCell(canonical(call), version, digest),
    cell: { ...shared, batch_size: call.batch, sequence_length: call.sequence },
  }));
}

/**
 * The canonical text of a group's cells. Sorting and quoting their shared axes once a group, not once
 * a cell, halves the time of a large plan.
 */
function canonicalTemplate(shared: Cell): (call: CallShape) => string {
  // Quotes inside a value are escaped, so that these stand for nothing but the two axes.
  const batch = '["batch_size",0]';
  const sequence = '["sequence_length",0]';
  const text = canonicalCell({ ...shared, batch_size: 0, sequence_length: 0 });
  const atBatch = text.indexOf(batch);
  const atSequence = text.indexOf(sequence);
  const before = `${text.slice(0, atBatch)}["batch_size",`;
  const between = `]${text.slice(atBatch + batch.length, atSequence)}["sequence_length",`;
  const after = `]${text.slice(atSequence + sequence.length)}`;
  return (call) => `${before}${call.batch}${between}${call.sequence}${after}`;
}
