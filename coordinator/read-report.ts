import type { GetReportResponse } from "../proto/gen/fleetsweep/v1/GetReportResponse.ts";
import { doInTurns } from "../shared/runtime/do-in-turns.ts";
import { reportSteps } from "./analysis/build-report.ts";
import type { Findings } from "./analysis/findings.ts";
import { parseMargin } from "./analysis/margin.ts";
import type { Report } from "./analysis/report.ts";
import { growLists, memberTexts } from "./document-parts.ts";
import type { Projection } from "./store/projection.ts";

/** The lists of a report and of its findings that grow with the sweep; the rest is its header. */
const reportLists = ["rows", "failed", "missing"] as const;
const findingLists = [
  "hosts",
  "studies",
  "verdicts",
  "interactions",
  "classes",
  "canaries",
  "anomalies",
] as const satisfies readonly (keyof Findings)[];

/** A part of a report: members to add to these lists. */
export interface ReportPart extends Partial<Pick<Report, (typeof reportLists)[number]>> {
  readonly findings?: Partial<Findings>;
}

/** A sweep's report in pieces: the header, then parts of its lists. @throws sweep.not_found, config.invalid */
export async function* readReport(
  store: Pick<Projection, "readReportInput" | "readTraces">,
  { sweepId, margin }: { readonly sweepId: string; readonly margin: number },
): AsyncGenerator<GetReportResponse> {
  const chosen = parseMargin(margin);
  const input = await store.readReportInput(sweepId);
  const traces = await store.readTraces(sweepId);
  yield* reportParts(await doInTurns(reportSteps(input, { traces, margin: chosen })));
}

/** The header, then parts of the lists, none much larger than a message may be. */
export function* reportParts(report: Report): Generator<GetReportResponse> {
  yield { headerJson: JSON.stringify(emptied(report)) };
  for (const list of reportLists) {
    for (const members of memberTexts(report[list])) yield { rowsJson: `{"${list}":[${members}]}` };
  }
  for (const list of findingLists) {
    for (const members of memberTexts(report.findings[list])) {
      yield { rowsJson: `{"findings":{"${list}":[${members}]}}` };
    }
  }
}

function emptied(report: Report): Report {
  const none = { hosts: [], studies: [], verdicts: [], interactions: [], classes: [] };
  const findings = { ...report.findings, ...none, canaries: [], anomalies: [] };
  return { ...report, rows: [], failed: [], missing: [], findings };
}

/** The report with the members of a part; the inverse of {@link readReport}. */
export function addReportPart(report: Report, part: ReportPart): Report {
  const { findings, ...lists } = part;
  const next = growLists(report, lists);
  return findings === undefined ? next : { ...next, findings: growLists(next.findings, findings) };
}
