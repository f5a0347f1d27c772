import { findAxis } from "../../shared/domain/axis.ts";
import type { Cell } from "../../shared/domain/cell.ts";
import { groupBy } from "../../shared/domain/group-by.ts";
import type { FoundHost } from "../analysis/findings.ts";
import type { Report, ReportRow } from "../analysis/report.ts";
import { nameCell } from "./cell-names.ts";
import { limits, type Selection, selectEvenly } from "./limits.ts";

/** What each varying axis is in a picture with one axis across. */
export interface AxisRoles {
  /** Runs across; null where nothing with numbers varies. */
  readonly across: string | null;
  /** Say which panel: what is computed, and on which host. */
  readonly panels: readonly string[];
  /** Say which line of a panel: placement and knobs. */
  readonly series: readonly string[];
}

/** The host as an axis beside those of the cell. */
export const hostAxis = "host";

/** Numbers to run across a picture, the best first. */
const acrossCandidates = ["cores", "sequence_length", "batch_size", "instances"] as const;

/** Settings stand beside knobs in one panel only where these are few: else in panels of their own. */
const maxMixedSeries = 6;

/** Axes of the runner that compare settings of one workload rather than workloads. */
const settings = new Set(["dtype", "mode"]);

export function splitRoles(report: Report, fixed?: string): AxisRoles {
  const across = fixed ?? chooseAcross(report);
  const others = report.varying.filter((name) => name !== across);
  const isKnob = (name: string): boolean => {
    const kind = findAxis(name)?.kind;
    return kind === "placement" || kind === "knob";
  };
  const withSettings = others.filter((name) => isKnob(name) || settings.has(name));
  const count = new Set(report.rows.map((row) => keyOf(row, withSettings))).size;
  const isSeries = (name: string): boolean =>
    isKnob(name) || (settings.has(name) && count <= maxMixedSeries);
  return {
    across,
    panels: [
      ...(report.hosts.length > 1 ? [hostAxis] : []),
      ...others.filter((name) => !isSeries(name)),
    ],
    series: others.filter(isSeries),
  };
}

/** The first candidate of which some cells that are otherwise equal have two values. */
function chooseAcross({ rows, varying }: Report): string | null {
  const varies = (name: string): boolean => {
    if (!varying.includes(name)) return false;
    const numbers = rows.filter(({ cell }) => typeof cell[name] === "number");
    return new Set(numbers.map(({ cell }) => cell[name])).size > 1;
  };
  return acrossCandidates.find(varies) ?? null;
}

/** The cell with its host as an axis. */
export function withHost({ cell, hostId }: { cell: Cell; hostId: string }): Cell {
  return { ...cell, [hostAxis]: hostId };
}

/** Rows that agree in the named axes; see {@link keyOf}. */
export function groupRows(
  rows: readonly ReportRow[],
  names: readonly string[],
): ReadonlyMap<string, readonly ReportRow[]> {
  return groupBy(rows, (row) => keyOf(row, names));
}

/** Equal for equal values of the named axes. Most of a large page's time is here: no row is copied for it. */
export function keyOf(
  { cell, hostId }: { cell: Cell; hostId: string },
  names: readonly string[],
): string {
  let key = "";
  for (const name of names) {
    const value = name === hostAxis ? hostId : cell[name];
    // With its length, so that no text can look like two values.
    key += typeof value === "string" ? `${value.length}:${value},` : `${value},`;
  }
  return key;
}

/** What the named axes say of a row: `batch 4, seq 128`. */
export function titleOf(row: { cell: Cell; hostId: string }, names: readonly string[]): string {
  return nameCell(withHost(row), names);
}

/**
 * Hosts that stand for the others: of each class the one with most measured cells, for a picture
 * of every host of a fleet shows nothing.
 */
export function selectHosts(report: Report): Selection<string> {
  const rows = groupBy(report.rows, ({ hostId }) => hostId);
  const size = ({ hostId }: FoundHost): number => rows.get(hostId)?.length ?? 0;
  const kinds = [...groupBy(report.findings.hosts, kindOf).values()];
  const members = kinds
    .flatMap((hosts) => hosts.toSorted((a, b) => size(b) - size(a)).slice(0, 1))
    .toSorted((a, b) => size(b) - size(a))
    .slice(0, limits.hosts)
    .map(({ hostId }) => hostId);
  if (members.length === report.hosts.length) return { members, notes: [] };
  const noun = kinds.length === 1 ? "class" : "classes";
  return {
    members,
    notes: [
      `${members.join(" and ")} of ${report.hosts.length} hosts in ${kinds.length} ${noun}: of each the one with most cells measured.`,
    ],
  };
}

/** Hosts of one class show the same curves, but for their differences as machines. */
function kindOf({ classId, cpu, coresPerPackage }: FoundHost): string {
  return classId ?? JSON.stringify([cpu, coresPerPackage]);
}

/** One panel a workload and host, at most as many as can be read. */
export function selectPanels(
  rows: readonly ReportRow[],
  names: readonly string[],
): Selection<{ readonly title: string; readonly rows: readonly ReportRow[] }> {
  const panels = [...groupRows(rows, names).values()].flatMap((some) => {
    const [first] = some;
    return first === undefined ? [] : [{ title: titleOf(first, names), rows: some }];
  });
  return selectEvenly(panels, limits.panels, "panels");
}
