import { type TrialRow, type TuneReport, units } from "../logic/tune/tune-report.ts";
import { absent, significant } from "./numbers.ts";
import { layOutTable, type TextColumn } from "./text-table.ts";

/** Trials as a table: the knobs, the objectives, and the best seen up to then. */
export function trialTable(
  report: TuneReport,
  rows: readonly TrialRow[],
  width: number,
): readonly string[] {
  const { knobs, settings, hostIds } = report;
  const measured = settings.objectives.map((objective, k) => {
    const shown = rows.map(({ values, state }) => (state === "ok" ? figure(values[k]) : state));
    return column(units[objective], "right", shown);
  });
  const trial = column(
    "trial",
    "right",
    rows.map(({ trial: number }) => String(number)),
  );
  const host = column(
    "host",
    "left",
    rows.map(({ hostId }) => hostId),
  );
  const tail = column(
    "p99 ms",
    "right",
    rows.map(({ p99Ms }) => figure(p99Ms)),
  );
  const best = column(
    "best",
    "right",
    rows.map((row) => figure(row.best)),
  );
  const columns = [
    { ...trial, key: true },
    ...(hostIds.length > 1 ? [host] : []),
    ...knobs.map((knob) =>
      column(
        knob,
        "left",
        rows.map(({ cell }) => String(cell[knob] ?? absent)),
      ),
    ),
    ...measured,
    ...(settings.p99LimitMs === null ? [] : [tail]),
    ...(settings.objectives.length > 1 ? [] : [best]),
  ];
  return layOutTable(columns, width);
}

/** Long names of knobs break after their underscores. */
function column(name: string, align: "left" | "right", cells: readonly string[]): TextColumn {
  return { header: name.split(/(?<=_)/), align, key: false, cells };
}

function figure(value: number | null | undefined): string {
  return value === null || value === undefined ? absent : significant(value, 4);
}
