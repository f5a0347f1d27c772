import { stripVTControlCharacters } from "node:util";
import type { Cell } from "../../shared/domain/cell.ts";
import { countOf } from "../../shared/domain/text-layout.ts";
import { extent } from "../../shared/stats/extent.ts";
import { type Report, type ReportRow, showAxisValue } from "../analysis/report.ts";
import { percent } from "./numbers.ts";

/** A sentence or two about some cells, and lines to show as they are. */
export interface Note {
  readonly label: string;
  readonly text: string;
  readonly verbatim: readonly string[];
}

/** What the table for people shows of failed cells; the other formats have all. */
const limits = { failedCells: 10, stderrLines: 3 } as const;

/** One line that says what the sweep is and how far it came. */
export function describeSweep({ sweep, rows, failed, missing, findings }: Report): string {
  const target =
    sweep.targetHalfWidth === null
      ? "no target"
      : `target ±${Number(percent(sweep.targetHalfWidth))} %`;
  const launches = [...new Set(rows.map((row) => row.launches.used))];
  const invalid = rows.filter(({ verdict }) => verdict.status === "invalid").length;
  return [
    `${sweep.name}, ${sweep.state}`,
    `${rows.length} of ${countOf(sweep.plannedCells, "cell")} measured`,
    ...(invalid > 0 ? [`${invalid} of them invalid`] : []),
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(missing.length > 0 ? [`${missing.length} missing`] : []),
    ...describeVisits(findings),
    `precision ${sweep.precision} (${target})`,
    ...(launches.length === 1
      ? [`${countOf(launches[0] ?? 0, invalid > 0 ? "usable launch" : "launch")} a cell`]
      : []),
    ...(sweep.orphans > 0 ? [`${countOf(sweep.orphans, "orphaned result")}, not counted`] : []),
  ].join(", ");
}

function describeVisits({ canaries }: Report["findings"]): string[] {
  const planned = canaries.reduce((sum, { plannedVisits }) => sum + plannedVisits, 0);
  const measured = canaries.reduce((sum, { visits }) => sum + visits.length, 0);
  return planned === 0 ? [] : [`${measured} of ${countOf(planned, "visit")} of canaries`];
}

/** The axes of a cell as `name value`, in the given order. */
export function describeCell(cell: Cell, names: readonly string[]): string {
  return names
    .filter((name) => cell[name] !== undefined)
    .map((name) => `${name} ${showAxisValue(cell[name])}`)
    .join(", ");
}

/** What stands below the table: what makes figures doubtful or absent, and what was not measured. */
export function reportNotes(report: Report, mostFailed: number = limits.failedCells): Note[] {
  return [
    ...verdictNotes(report),
    ...smokeNote(report),
    ...percentileNote(report.rows),
    ...scalingNotes(report.rows),
    ...failedNotes(report, mostFailed),
    ...missingNotes(report),
  ];
}

function verdictNotes(report: Report): Note[] {
  const found = new Map<string, { rows: ReportRow[]; message: string; code: string }>();
  for (const row of report.rows) {
    for (const { code, message } of row.verdict.reasons) {
      const key = `${row.verdict.status} ${code}`;
      const same = found.get(key);
      if (same === undefined) found.set(key, { rows: [row], message, code });
      else same.rows.push(row);
    }
  }
  return [...found.values()].flatMap(({ rows, message, code }) => {
    const [first] = rows;
    if (first === undefined) return [];
    const where = describeCell(first.cell, report.varying);
    const example = rows.length === 1 || where === "" ? "" : `, such as ${where}`;
    const text = `${code} (${countOf(rows.length, "cell")}${example}): ${message}`;
    return [note(first.verdict.status ?? "smoke", text)];
  });
}

function smokeNote({ sweep, rows }: Report): Note[] {
  if (rows.every(({ verdict }) => verdict.status !== null)) return [];
  return [note(sweep.precision, "one launch allows no interval and no verdict")];
}

function percentileNote(rows: readonly ReportRow[]): Note[] {
  const without = rows.filter((row) => row.p90Ns === null);
  if (without.length === 0) return [];
  const [fewest] = extent(without.map((row) => row.pooledCalls));
  return [
    note(
      "p90",
      `none for ${countOf(without.length, "cell")}: too few calls, the fewest are ${fewest}`,
    ),
  ];
}

function scalingNotes(rows: readonly ReportRow[]): Note[] {
  return countBy(rows.flatMap(({ scaling }) => ("absent" in scaling ? [scaling.absent] : []))).map(
    ([reason, count]) => note("speed-up", `none for ${countOf(count, "cell")}: ${reason}`),
  );
}

function failedNotes({ failed, varying, hosts }: Report, most: number): Note[] {
  const notes = failed.slice(0, most).map((cell) => {
    const host = hosts.length > 1 ? `${cell.hostId}, ` : "";
    const where = describeCell(cell.cell, varying);
    const lines = cell.stderrTail.trimEnd().split("\n").slice(-limits.stderrLines);
    return {
      label: "failed",
      text: printable(
        `${host}${where === "" ? cell.cellId : where}: ${cell.reason}: ${cell.message}`,
      ),
      verbatim: lines.map(printable).filter((line) => line.trim() !== ""),
    };
  });
  const more = failed.length - notes.length;
  return more > 0 ? [...notes, note("failed", `${more} more, see the JSON report`)] : notes;
}

function missingNotes({ missing }: Report): Note[] {
  return countBy(missing.map(({ reason }) => reason)).map(([reason, count]) =>
    note("missing", `${countOf(count, "cell")}: ${reason}`),
  );
}

function countBy(keys: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts];
}

function note(label: string, text: string): Note {
  return { label, text: printable(text), verbatim: [] };
}

/** What programs wrote goes to terminals: no escape sequence of theirs may act there. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\p{Cc}+/gu, " ");
}
