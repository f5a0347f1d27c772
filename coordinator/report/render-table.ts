import { groupBy } from "../../shared/domain/group-by.ts";
import type { Report } from "../analysis/report.ts";
import { canaryLines } from "./canary-lines.ts";
import { classLines } from "./class-lines.ts";
import { findingNotes, metricColumns, verdictLines } from "./findings-lines.ts";
import { interactionLines } from "./interaction-lines.ts";
import { reportColumns } from "./report-columns.ts";
import { describeCell, describeSweep, type Note, reportNotes } from "./report-notes.ts";
import { layOutTable, wrapText } from "./text-table.ts";

const labelWidth = 13;

/** The report for a terminal of `width` characters: facts, a table without borders, notes. */
export function renderTable(report: Report, width: number): string {
  const line = (label: string, text: string): string[] =>
    wrapText(text, width - labelWidth).map(
      (part, index) => (index === 0 ? label : "").padEnd(labelWidth) + part,
    );
  const constants = describeCell(report.constants, Object.keys(report.constants));
  const lines = [
    ...line("sweep", report.sweep.sweepId),
    ...line("", describeSweep(report)),
    ...(constants === "" ? [] : line("all cells", constants)),
    ...likeHosts(report).flatMap(({ hostIds, facts }) => [
      "",
      ...line(hostIds.length === 1 ? "host" : "hosts", hostIds.join(", ")),
      ...facts.flatMap(({ name, value }) => line(`  ${name}`, value ?? "not known")),
    ]),
    ...showNotes([...placementLines(report)], line),
    ...(report.rows.length === 0 ? [] : ["", ...layOutTable(reportColumns(report), width)]),
    ...showMetrics(report, width),
    ...showNotes([...reportNotes(report), ...findingNotes(report)], line),
  ];
  return `${lines.join("\n")}\n`;
}

/** Hosts of which the same is to be said stand together: a fleet would fill the screen. */
function likeHosts({ hosts }: Report) {
  const groups = groupBy(hosts, ({ facts }) => JSON.stringify(facts));
  return [...groups.values()].map((same) => ({
    hostIds: same.map(({ hostId }) => hostId),
    facts: same[0]?.facts ?? [],
  }));
}

/** What is to be known before the figures. */
function placementLines(report: Report): readonly Note[] {
  return [verdictLines, interactionLines, classLines, canaryLines].flatMap((lines) =>
    lines(report),
  );
}

function showMetrics(report: Report, width: number): string[] {
  const columns = metricColumns(report);
  return columns.length === 0 ? [] : ["", ...layOutTable(columns, width)];
}

function showNotes(
  notes: readonly Note[],
  line: (label: string, text: string) => string[],
): string[] {
  if (notes.length === 0) return [];
  return [
    "",
    ...notes.flatMap(({ label, text, verbatim }) => [
      ...line(label, text),
      ...verbatim.map((raw) => " ".repeat(labelWidth) + raw),
    ]),
  ];
}
