import type { Report } from "../analysis/report.ts";
import { canaryLines } from "./canary-lines.ts";
import { classLines } from "./class-lines.ts";
import { findingNotes, metricColumns, verdictLines } from "./findings-lines.ts";
import { interactionLines } from "./interaction-lines.ts";
import { escapeMarkdown, markdownTable } from "./markdown-table.ts";
import { reportColumns } from "./report-columns.ts";
import { describeCell, describeSweep, type Note, reportNotes } from "./report-notes.ts";

/** The report as GitHub-flavoured Markdown. */
export function renderMarkdown(report: Report): string {
  const constants = describeCell(report.constants, Object.keys(report.constants));
  const lines = [
    `# ${escapeMarkdown(report.sweep.name)}`,
    "",
    escapeMarkdown(`Sweep ${report.sweep.sweepId}: ${describeSweep(report)}.`),
    ...(constants === "" ? [] : ["", escapeMarkdown(`All cells: ${constants}.`)]),
    ...report.hosts.flatMap(({ hostId, facts }) => [
      "",
      `## Host ${escapeMarkdown(hostId)}`,
      "",
      ...facts.map(({ name, value }) => `- ${name}: ${escapeMarkdown(value ?? "not known")}`),
    ]),
    ...notes("Placement", verdictLines(report)),
    ...notes("What depends on what", interactionLines(report)),
    ...notes("Host classes", classLines(report)),
    ...notes("Canaries", canaryLines(report)),
    ...(report.rows.length === 0
      ? []
      : ["", "## Figures", "", ...markdownTable(reportColumns(report))]),
    ...metrics(report),
    ...notes("Notes", [...reportNotes(report), ...findingNotes(report)]),
  ];
  return `${lines.join("\n")}\n`;
}

function metrics(report: Report): string[] {
  const columns = metricColumns(report);
  return columns.length === 0 ? [] : ["", "## Scaling", "", ...markdownTable(columns)];
}

function notes(title: string, found: readonly Note[]): string[] {
  if (found.length === 0) return [];
  const items = found.flatMap(({ label, text, verbatim }) => [
    `- **${label}** ${escapeMarkdown(text)}`,
    ...(verbatim.length === 0 ? [] : ["", ...verbatim.map((line) => `      ${line}`), ""]),
  ]);
  return ["", `## ${title}`, "", ...items];
}
