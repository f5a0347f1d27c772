import { findAxis } from "../../shared/domain/axis.ts";
import type { AxisValue } from "../../shared/domain/cell.ts";
import type { Report, ReportRow } from "../analysis/report.ts";
import { nameCell } from "./cell-names.ts";

/** n, interval, hosts and conditions of a picture that rests on these rows: one sentence each. */
export function describeConditions(report: Report, rows: readonly ReportRow[]): string[] {
  return [
    describeLaunches(rows),
    describeHosts(report, rows),
    ...describeConstants(report),
    ...describeVoid(rows),
  ];
}

/** `n = 5 launches a cell; bars are 95 % intervals …` */
export function describeLaunches(rows: readonly ReportRow[]): string {
  const counts = rows.map(({ launches }) => launches.used).filter((count) => count > 0);
  if (counts.length === 0) return "n = 0 launches that can be used.";
  const low = Math.min(...counts);
  const high = Math.max(...counts);
  const n = low === high ? `${low}` : `${low}–${high}`;
  const noun = high === 1 ? "launch" : "launches";
  const interval =
    high < 2
      ? "one launch allows no interval"
      : "whiskers and bands are 95 % intervals of the geometric mean over launches";
  return `n = ${n} ${noun} a cell; ${interval}.`;
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
  const who = shown.length === 1 ? `Host ${first?.hostId}` : `${shown.length} hosts`;
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
