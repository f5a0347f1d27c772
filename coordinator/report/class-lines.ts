import { countOf } from "../../shared/domain/text-layout.ts";
import type { ClassPair, ComparedClass } from "../analysis/findings.ts";
import type { Report } from "../analysis/report.ts";
import type { Note } from "./report-notes.ts";
import { showFigure } from "./show-metric.ts";

/** One note a pair of host classes. */
export function classLines({ findings, sweep }: Report): Note[] {
  return findings.classPairs.map((pair) => ({
    label: "classes",
    text: `${describePair(pair)} See ${compareLine(sweep.sweepId, pair)}`,
    verbatim: [],
  }));
}

/** Which class is quicker, by how much, and in how many cells that is certain. */
export function describePair({ classes: [a, b], ratio, cells, counts }: ClassPair): string {
  const factor = ratio.value === null ? "an unknown factor" : showFigure(ratio);
  const over = cells === 1 ? "the cell" : `the ${cells} cells`;
  const parts = [
    `${counts.improved} are faster`,
    `${counts.regressed} slower`,
    `${counts.same} the same`,
    `${counts.inconclusive} uncertain`,
  ];
  return `${nameClass(b)} takes ${factor} the time of ${nameClass(a)} over ${over} that both measured: ${parts.join(", ")}.`;
}

/** The command that compares them cell by cell, to be copied. */
export function compareLine(sweepId: string, { classes: [a, b] }: ClassPair): string {
  return `fleetsweep compare ${sweepId},class=${a.classId} ${sweepId},class=${b.classId}`;
}

function nameClass({ classId, cpu, hostIds }: ComparedClass): string {
  const hosts = countOf(hostIds.length, "host");
  return `class ${classId} (${cpu ?? "CPU not known"}, ${hosts})`;
}
