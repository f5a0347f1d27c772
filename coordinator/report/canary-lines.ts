import { countOf } from "../../shared/domain/text-layout.ts";
import type { CanaryFinding } from "../analysis/canary-finding.ts";
import type { Report } from "../analysis/report.ts";
import { type Note, printable } from "./report-notes.ts";

/** Notes for people; the other formats have all. */
const maxNotes = 12;

/** Whether the hosts stayed as they were: a note for every canary that drifted, one for all that did not. */
export function canaryLines({ findings }: Report): Note[] {
  const { canaries } = findings;
  if (canaries.length === 0) return [];
  const drifted = canaries.filter(({ state }) => state === "drifted");
  const shown = drifted.slice(0, maxNotes).map(describeCanary);
  const hidden = drifted.length - shown.length;
  const more = hidden > 0 ? [`${hidden} more drifted, see the JSON report`] : [];
  const calm = canaries.filter(({ state }) => state !== "drifted");
  const quiet = calm.length <= 2 ? calm.map(describeCanary) : [summarize(calm)];
  return [...shown, ...more, ...quiet].map((text) => ({
    label: "canary",
    text: printable(text),
    verbatim: [],
  }));
}

export function describeCanary({
  hostId,
  name,
  state,
  reason,
  visits,
  plannedVisits,
}: CanaryFinding): string {
  const missing = plannedVisits - visits.length;
  const lost =
    missing === 0 ? "" : `; ${missing} of ${countOf(plannedVisits, "visit")} without a figure`;
  const word = state === "not-enough-data" ? "not enough data" : state;
  return `${hostId}, ${name}: ${word}, ${reason}${lost}`;
}

function summarize(calm: readonly CanaryFinding[]): string {
  const steady = calm.filter(({ state }) => state === "steady").length;
  const rest = calm.length - steady;
  const parts = [
    ...(steady > 0 ? [`${steady} steady`] : []),
    ...(rest > 0 ? [`${rest} without enough data to say`] : []),
  ];
  return `all others: ${parts.join(", ")}`;
}
