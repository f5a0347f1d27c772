import type { Figure, Report, ReportRow, Scaling } from "../../analysis/report.ts";
import { hostAxis, withHost } from "../../figures/axis-roles.ts";
import { axisLabel } from "../../figures/cell-names.ts";
import { cellStates } from "../../figures/figure-spec.ts";
import { timeUnitOf } from "../../figures/time-scale.ts";
import type { TimeUnit } from "../numbers.ts";
import { renderValue } from "./data-table.ts";
import { html, type Markup, trusted } from "./markup.ts";

const limits = { rows: 20_000, pageRows: 100 } as const;

type Value = string | number | null;

/** Every planned cell, to be filtered and sorted: the page's script shows it in pages. */
export function renderCells(report: Report): Markup {
  const unit = timeUnitOf(report.rows.map(({ medianNs }) => medianNs.value));
  const columns = columnsOf(report, unit);
  const count = report.rows.length + report.failed.length + report.missing.length;
  const rows = listRows(report, unit);
  const numeric = columns.map((_, column) => rows.some((row) => typeof row[column] === "number"));
  const data = {
    pageRows: limits.pageRows,
    columns: columns.map((name, column) => ({ name, numeric: numeric[column] })),
    rows: rows.map((row) => row.map(shorten)),
  };
  const kind = (column: number): Markup | null =>
    numeric[column] === true ? html` class="number"` : null;
  return html`<section id="data-table" aria-labelledby="data-title">
<h2 id="data-title">Data</h2>
<p>Every planned cell: ${count} in all. Latencies are in ${unit.name}; low and high bound the 95 % interval.${
    count > rows.length
      ? ` The page carries the first ${rows.length}; the CSV and JSON reports have all.`
      : ""
  }</p>
<div id="controls" class="controls" hidden>
<label>Filter <input id="find" type="search" autocomplete="off" placeholder="words, all of them"></label>
<label>State <select id="state"><option value="">all</option>${cellStates.map((state) => html`<option>${state}</option>`)}</select></label>
<button id="back" type="button">Previous page</button><button id="next" type="button">Next page</button>
<span id="shown" role="status" class="muted"></span></div>
<div class="scroll" role="region" aria-label="Cells"><table id="cells"><caption>Cells of the sweep.</caption><thead><tr>${columns.map(
    (name, column) => html`<th scope="col"${kind(column)}>${name}</th>`,
  )}</tr></thead>
<tbody>${rows
    .slice(0, limits.pageRows)
    .map(
      (row) =>
        html`<tr>${row.map((value, column) => renderValue(value, numeric[column] === true))}</tr>\n`,
    )}</tbody></table></div>
<noscript><p class="note">Without scripts the first ${limits.pageRows} rows are shown.</p></noscript>
<script id="data" type="application/json">${trusted(toScriptJson(data))}</script>
</section>
`;
}

/** JSON that no text in it can end the script element with. */
export function toScriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll(">", "\\u003e")
    .replaceAll("&", "\\u0026")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

function columnsOf(report: Report, unit: TimeUnit): string[] {
  return [
    "state",
    ...axesOf(report).map(axisLabel),
    `median (${unit.name})`,
    "low",
    "high",
    `p90 (${unit.name})`,
    "samples/s",
    "speed-up",
    "efficiency (%)",
    "launches",
    "reason",
  ];
}

function axesOf(report: Report): readonly string[] {
  return [...(report.hosts.length > 1 ? [hostAxis] : []), ...report.varying];
}

/** As many as the page carries. */
function listRows(report: Report, unit: TimeUnit): readonly (readonly Value[])[] {
  const axes = axesOf(report);
  const name = (entry: Pick<ReportRow, "cell" | "hostId">): Value[] => {
    const cell = withHost(entry);
    return axes.map((axis) => {
      const value = cell[axis];
      return typeof value === "boolean" ? String(value) : (value ?? null);
    });
  };
  const nothing: Value[] = Array.from({ length: 7 }, () => null);
  return [
    ...report.rows
      .slice(0, limits.rows)
      .map((row) => [stateOf(row), ...name(row), ...figuresOf(row, unit)]),
    ...report.failed
      .slice(0, limits.rows)
      .map((cell) => [
        "failed",
        ...name(cell),
        ...nothing,
        cell.measuredLaunches,
        `${cell.reason}: ${cell.message}`,
      ]),
    ...report.missing
      .slice(0, limits.rows)
      .map((cell) => ["missing", ...name(cell), ...nothing, 0, cell.reason]),
  ].slice(0, limits.rows);
}

function stateOf({ verdict }: ReportRow): string {
  return verdict.status === null || verdict.status === "valid" ? "ok" : verdict.status;
}

function figuresOf(row: ReportRow, unit: TimeUnit): Value[] {
  const time = (ns: number | null): number | null => (ns === null ? null : ns / unit.ns);
  const { medianNs, verdict } = row;
  return [
    time(medianNs.value),
    time(medianNs.low),
    time(medianNs.high),
    time(row.p90Ns),
    row.samplesPerSecond,
    valueOf(row.scaling, ({ speedUp }) => speedUp),
    valueOf(row.scaling, ({ efficiency }) => ({ ...efficiency, value: 100 * efficiency.value })),
    row.launches.used,
    verdict.reasons.map(({ code, message }) => `${code}: ${message}`).join("; "),
  ];
}

function valueOf(
  scaling: Scaling,
  read: (scaling: Extract<Scaling, { speedUp: Figure }>) => Figure,
): number | null {
  return "absent" in scaling ? null : read(scaling).value;
}

/** Five digits are more than any figure is sure of, and make a large page a third smaller. */
function shorten(value: Value): Value {
  if (typeof value !== "number") return value;
  return Number.isFinite(value) ? Number(value.toPrecision(5)) : null;
}
