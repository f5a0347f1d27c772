import { canaryAxis } from "../../../shared/domain/canary.ts";
import { type Cell, canonicalCell, type Digest, digestCell } from "../../../shared/domain/cell.ts";
import type { PlannedCell } from "../../../shared/domain/log-event.ts";
import type { ShardPlan } from "../sweep-plan.ts";
import type { SweepSpec } from "../sweep-spec.ts";
import type { CallShape } from "./call-shapes.ts";
import { chooseVisits, maxVisits } from "./canary-visits.ts";
import type { CellGroup } from "./cell-groups.ts";
import type { HostOutline } from "./outline-host.ts";

/** Cells of a shard: what is lost and repeated when a host dies, and one message in the log. */
export const maxShardCells = 64;

/** What one shard holds: runs of groups of the matrix, and how often the canaries are measured with them. */
interface PackedShard {
  readonly groups: readonly CellGroup[];
  readonly visits: number;
}

/** The host's shards as groups, in order; canaries have their places in every shard, used or not. */
export function packShards(
  { groups, canaries }: Pick<HostOutline, "groups" | "canaries">,
  spec: Pick<SweepSpec, "canaries" | "method">,
): readonly PackedShard[] {
  const pack = (places: number, most: number): PackedShard[] => {
    const runs = [...runsOf(groups, maxShardCells - places * canaries.length)];
    const visits = canaries.length === 0 ? [] : chooseVisits(runs, spec, most);
    return runs.map((run, index) => ({ groups: run, visits: visits[index] ?? 0 }));
  };
  const packed = pack(1, maxVisits);
  const most = packed.reduce((max, { visits }) => Math.max(max, visits), 1);
  return most === 1 ? packed : pack(most, most);
}

/** Runs of groups that go to one host together; a group larger than a shard stands in several. */
function* runsOf(groups: readonly CellGroup[], capacity: number): Generator<readonly CellGroup[]> {
  let pending: CellGroup[] = [];
  let size = 0;
  for (const group of groups) {
    for (let start = 0; start < group.calls.length; start += capacity) {
      const calls = group.calls.slice(start, start + capacity);
      if (size + calls.length > capacity) {
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
  outline: Pick<HostOutline, "groups" | "canaries" | "movableTo">,
  hostNumber: number,
  { spec, digest }: { readonly spec: SweepSpec; readonly digest: Digest },
): Generator<ShardPlan> {
  const { canaries, movableTo } = outline;
  for (const [index, { groups, visits }] of packShards(outline, spec).entries()) {
    const shardId = `h${hostNumber}-${String(index + 1).padStart(4, "0")}`;
    const names = Array.from({ length: visits }, (_, before) =>
      before === 0 ? shardId : `${shardId}.${before + 1}`,
    );
    const visiting = names.flatMap((name) => canaries.map((canary) => toVisit(canary, name)));
    const cells = [...groups, ...visiting].flatMap((group) => makeCells(group, digest));
    yield { shardId, movableTo, cells };
  }
}

function toVisit(group: CellGroup, name: string): CellGroup {
  return { ...group, row: { ...group.row, axes: { ...group.row.axes, [canaryAxis]: name } } };
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
