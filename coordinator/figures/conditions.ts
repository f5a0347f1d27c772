import { findAxis } from "../../shared/domain/axis.ts";
import type { AxisValue } from "../../shared/domain/cell.ts";
import { countOf } from "../../shared/domain/text-layout.ts";
import { extent } from "../../shared/stats/extent.ts";
import type { Report, ReportRow } from "../analysis/report.ts";
import { nameCell } from "./cell-names.ts";

/** How a kind of chart shows intervals of cells; null where it draws none of them. */
export const intervalWords = {
  lines: "whiskers, and bands where the lines are few, are 95 % intervals",
  bars: "whiskers on the bars are 95 % intervals",
  scatter: "thin lines through the points are 95 % intervals",
  heat: null,
  boxes: null,
} as const;

/**
 * n, interval, hosts and conditions of a picture that rests on these rows: one sentence each. `drawnAs` says which
 * chart shows the rows' intervals, and `of` of what they are.
 */
export function describeConditions(
  report: Report,
  rows: readonly ReportRow[],
  drawnAs: keyof typeof intervalWords,
  of = "the geometric mean over launches",
): string[] {
  const words = intervalWords[drawnAs];
  return [
    describeLaunches(rows, words === null ? null : `${words} of ${of}`),
    describeHosts(report, rows),
    ...describeConstants(report),
    ...describeVoid(rows),
  ];
}

/** `n = 5 launches a cell; whiskers on the bars are 95 % intervals …` */
function describeLaunches(rows: readonly ReportRow[], interval: string | null): string {
  const counts = rows.map(({ launches }) => launches.used).filter((count) => count > 0);
  if (counts.length === 0) return "n = 0 launches that can be used.";
  const [low, high] = extent(counts);
  const n = `${low === high ? "" : `${low}–`}${countOf(high, "launch")}`;
  const shown = high < 2 ? "one launch allows no interval" : interval;
  return `n = ${n} a cell${shown === null ? ", intervals are not drawn" : `; ${shown}`}.`;
}

/** The hosts with their CPU, which is what their class is known by. */
export function describeHosts({ findings }: Report, rows: readonly ReportRow[]): string {
  const ids = new Set(rows.map(({ hostId }) => hostId));
  const shown = findings.hosts.filter(({ hostId }) => ids.has(hostId));
  const classes = new Map(
    shown.map(({ classId, cpu }) => [
      `${classId} ${cpu}`,
      `class ${classId ?? "not known"}, ${cpu ?? "CPU not known"}`,
    ]),
  );
  const [first] = shown;
  const who = shown.length === 1 ? `Host ${first?.hostId}` : countOf(shown.length, "host");
  return `${who}: ${[...classes.values()].join("; ")}.`;
}

/** What is computed and where, and what is not as it is without being asked for; a report's method has all. */
function describeConstants({ constants }: Report): string[] {
  const names = Object.keys(constants);
  const told = names.filter((name) => isTelling(name, constants[name]));
  const text = nameCell(constants, told);
  if (text === "") return [];
  const rest = told.length < names.length ? "; all else is under the report's method" : "";
  return [`All cells: ${text}${rest}.`];
}

function isTelling(name: string, value: AxisValue | undefined): boolean {
  const axis = findAxis(name);
  if (axis === undefined) return false;
  return axis.kind === "runner" || name === "placement" || value !== axis.fallback;
}

function describeVoid(rows: readonly ReportRow[]): string[] {
  const count = rows.filter(isVoid).length;
  if (count === 0) return [];
  const cells = count === 1 ? "1 cell is" : `${count} cells are`;
  return [`${cells} invalid: shown as a cross where it can be, and used for nothing.`];
}

/** A row whose figures are shown and never used. */
export function isVoid({ verdict }: ReportRow): boolean {
  return verdict.status === "invalid";
}

/** Rows that figures may rest on. */
export function usableRows({ rows }: Report): readonly ReportRow[] {
  return rows.filter((row) => !isVoid(row));
}
