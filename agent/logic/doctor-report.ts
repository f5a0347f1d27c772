import {
  countOf,
  layOut,
  makePaint,
  printable,
  type Style,
} from "../../shared/domain/text-layout.ts";
import type { Finding, Severity } from "./doctor/finding.ts";

const styles: Readonly<Record<Severity, Style>> = {
  serious: "red",
  warning: "yellow",
  note: "dim",
};

/** Columns of the severity at the left edge. */
const labelWidth = 9;

export interface ReportOptions {
  readonly width: number;
  readonly colour: boolean;
}

/** The findings as text: the fact, why it matters, and the command that changes it. */
export function renderFindings(findings: readonly Finding[], options: ReportOptions): string {
  const paint = makePaint(options.colour);
  const width = Math.max(options.width, 40);
  const blocks = findings.map(({ severity, fact, why, command }) => {
    const head = severity.padEnd(labelWidth);
    const lines = layOut(head, [printable(fact)], { width });
    const first = paint(styles[severity], head) + paint("bold", lines[0]?.slice(labelWidth) ?? "");
    // A command stays on one line, so that it can be copied.
    const commandLine = command === null ? [] : [`${" ".repeat(labelWidth)}$ ${command}`];
    return [
      first,
      ...lines.slice(1),
      ...layOut(" ".repeat(labelWidth), [why], { width }),
      ...commandLine,
    ].join("\n");
  });
  return `${[...blocks, summarise(findings)].join("\n\n")}\n`;
}

function summarise(findings: readonly Finding[]): string {
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  if (findings.length === 0) return "Nothing on this host speaks against a measurement.";
  const parts = [`${count("serious")} serious`, countOf(count("warning"), "warning")];
  return `${[...parts, countOf(count("note"), "note")].join(", ")}.`;
}
