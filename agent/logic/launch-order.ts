import type { AssignedLaunch } from "../../shared/domain/assignment.ts";
import type { Cell } from "../../shared/domain/cell.ts";
import { canonicalCell } from "../../shared/domain/cell.ts";
import type { PlannedCell } from "../../shared/domain/log-event.ts";
import type { Method } from "../../shared/domain/method.ts";
import { gistOf, type LaunchResult } from "../../shared/domain/result.ts";
import { callAxes } from "../../shared/domain/runner-declaration.ts";
import { seededOrder } from "../../shared/domain/seeded-order.ts";
import { terminalState } from "./adaptive-stop.ts";

/**
 * A shard's work: its cells and the launches that count so far. Which launch comes next follows from
 * this value alone, so an agent that starts again with the counted list goes on as if it had not
 * stopped.
 *
 * Block b holds launch b of every cell that needs one. A block is finished before the next begins, and
 * the groups in it are shuffled anew: a drift of the host falls on all cells alike. A group is the cells
 * that one process can measure, which differ in the axes of a call only. Where the method does not
 * interleave, a group is finished before the next begins, and the blocks are each group's own.
 *
 * Invariants, each a test:
 * - Launches of a cell are numbered from 1 without a gap.
 * - A cell is launched no more once it is terminal, and every cell becomes terminal.
 * - No cell is more than one launch ahead of another that needs one: of its group, where launches are
 *   not interleaved.
 * - The order of the counted list does not matter.
 */
export interface LaunchOrder {
  readonly cells: readonly PlannedCell[];
  readonly method: Method;
  /** Launches by cell id, in ascending order of their number. */
  readonly launches: ReadonlyMap<string, readonly AssignedLaunch[]>;
}

export interface NextLaunch {
  /** In the order to measure. */
  readonly cells: readonly PlannedCell[];
  readonly launchByCell: ReadonlyMap<string, number>;
}

/** What is known of a shard when an agent takes it up. Launches of cells outside of it are ignored. */
export function makeLaunchOrder(
  cells: readonly PlannedCell[],
  method: Method,
  counted: readonly AssignedLaunch[],
): LaunchOrder {
  const ids = cells.map(({ cellId }) => cellId);
  const launches = new Map(
    ids.map((id) => [
      id,
      counted.filter(({ cellId }) => cellId === id).sort((a, b) => a.launch - b.launch),
    ]),
  );
  return { cells, method, launches };
}

/** The next launch, or `done` when every cell is terminal. */
export function nextLaunch(order: LaunchOrder): NextLaunch | "done" {
  const open = order.cells.filter((planned) => !isTerminal(order, planned.cellId));
  const inTurn = order.method.interleave ? open : firstGroup(order.method, open);
  const block = Math.min(...inTurn.map(({ cellId }) => nextNumber(order, cellId)));
  const due = inTurn.filter(({ cellId }) => nextNumber(order, cellId) === block);
  const { seed } = order.method;
  const [group] = seededOrder(toGroups(order, due), ({ key }) => `block ${block} ${key}`, seed);
  if (group === undefined) return "done";
  const cells = seededOrder(group.cells, ({ cellId }) => `block ${block} ${cellId}`, seed);
  return { cells, launchByCell: new Map(cells.map(({ cellId }) => [cellId, block])) };
}

/** The order after a launch of a cell has ended, and whether the cell needs no more. */
export function applyOutcome(
  order: LaunchOrder,
  cellId: string,
  ended: Pick<LaunchResult, "outcome" | "elapsedMs">,
): { readonly order: LaunchOrder; readonly terminal: "ok" | "failed" | null } {
  const before = order.launches.get(cellId);
  if (before === undefined) throw new Error(`cell ${cellId} is not of this shard`);
  const launch = nextNumber(order, cellId);
  const added = [...before, { cellId, launch, ...gistOf(ended), terminal: false }];
  const terminal = terminalState(added, order.method);
  const marked = added.map((counted) =>
    counted.launch === launch ? { ...counted, terminal: terminal !== null } : counted,
  );
  return {
    order: { ...order, launches: new Map(order.launches).set(cellId, marked) },
    terminal,
  };
}

/**
 * As the log says, and not as the launches would let one think: where two agents of a host worked on one grant,
 * they may be enough although none of them came as the last. One more is measured then, and ends the cell.
 */
function isTerminal({ launches }: LaunchOrder, cellId: string): boolean {
  return (launches.get(cellId) ?? []).some(({ terminal }) => terminal);
}

function nextNumber({ launches }: LaunchOrder, cellId: string): number {
  return (launches.get(cellId)?.at(-1)?.launch ?? 0) + 1;
}

interface Group {
  readonly key: string;
  readonly cells: readonly PlannedCell[];
}

/**
 * Groups of cells that one launch can measure. A cell whose last launch failed stands
 * alone, so that it cannot take the others with it; but where the whole group failed, the runner did
 * not even start, and there is nobody to protect.
 */
function toGroups(order: LaunchOrder, cells: readonly PlannedCell[]): Group[] {
  return byProcess(order.method, cells).flatMap((group) => splitFailed(order, group));
}

function byProcess({ isolation }: Method, cells: readonly PlannedCell[]): Group[] {
  const groups = new Map<string, PlannedCell[]>();
  for (const planned of cells) {
    const key = isolation === "process-per-cell" ? planned.cellId : processKey(planned.cell);
    groups.set(key, [...(groups.get(key) ?? []), planned]);
  }
  return [...groups].map(([key, members]) => ({ key, cells: members }));
}

/** The group whose turn it is where launches are not interleaved; the order of groups never changes. */
function firstGroup(method: Method, cells: readonly PlannedCell[]): readonly PlannedCell[] {
  const [first] = seededOrder(byProcess(method, cells), ({ key }) => key, method.seed);
  return first?.cells ?? [];
}

function splitFailed(order: LaunchOrder, group: Group): Group[] {
  const failed = group.cells.filter(({ cellId }) => hasJustFailed(order, cellId));
  if (failed.length === 0 || failed.length === group.cells.length) return [group];
  const rest = group.cells.filter((planned) => !failed.includes(planned));
  const alone = failed.map((planned) => ({
    key: `${group.key} ${planned.cellId}`,
    cells: [planned],
  }));
  return [{ key: group.key, cells: rest }, ...alone];
}

function hasJustFailed({ launches }: LaunchOrder, cellId: string): boolean {
  return launches.get(cellId)?.at(-1)?.medianNs === null;
}

/** Equal for cells that differ in the axes of a call only. */
function processKey(cell: Cell): string {
  const axes = Object.entries(cell).filter(([axis]) => !callAxes.includes(axis));
  return canonicalCell(Object.fromEntries(axes));
}
