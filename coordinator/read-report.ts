import type { GetReportResponse } from "../proto/gen/fleetsweep/v1/GetReportResponse.ts";
import { buildReport } from "./analysis/build-report.ts";
import type { Findings } from "./analysis/findings.ts";
import type { Report } from "./analysis/report.ts";
import type { Projection } from "./store/projection.ts";

/** Characters of one message, far below its 4 MiB; a longer member stands alone. */
const messageCharacters = 512 * 1024;

/** The lists of a report and of its findings that grow with the sweep; the rest is its header. */
const reportLists = ["rows", "failed", "missing"] as const;
const findingLists = [
  "hosts",
  "studies",
  "verdicts",
  "interactions",
  "classes",
  "anomalies",
] as const satisfies readonly (keyof Findings)[];

/** A part of a report: members to add to these lists. */
export interface ReportPart extends Partial<Pick<Report, (typeof reportLists)[number]>> {
  readonly findings?: Partial<Findings>;
}

/** A sweep's report in pieces: the header, then parts of its lists. @throws sweep.not_found */
export async function* readReport(
  store: Pick<Projection, "readReportInput">,
  sweepId: string,
): AsyncGenerator<GetReportResponse> {
  const report = buildReport(await store.readReportInput(sweepId));
  yield { headerJson: JSON.stringify(emptied(report)) };
  for (const list of reportLists) {
    for (const members of parts(report[list])) yield { rowsJson: `{"${list}":[${members}]}` };
  }
  for (const list of findingLists) {
    for (const members of parts(report.findings[list])) {
      yield { rowsJson: `{"findings":{"${list}":[${members}]}}` };
    }
  }
}

function emptied(report: Report): Report {
  const none = { hosts: [], studies: [], verdicts: [], interactions: [], classes: [] };
  const findings = { ...report.findings, ...none, anomalies: [] };
  return { ...report, rows: [], failed: [], missing: [], findings };
}

/** Members as JSON, joined to texts of about a message. */
function* parts(members: readonly unknown[]): Generator<string> {
  let part: string[] = [];
  let length = 0;
  for (const member of members) {
    const text = JSON.stringify(member);
    if (part.length > 0 && length + text.length > messageCharacters) {
      yield part.join(",");
      part = [];
      length = 0;
    }
    part.push(text);
    length += text.length;
  }
  if (part.length > 0) yield part.join(",");
}

/** The report with the members of a part; the inverse of {@link readReport}. */
export function addReportPart(report: Report, part: ReportPart): Report {
  const grown = <Lists extends object>(lists: Lists, more: Partial<Lists>): Lists => {
    const known = lists as Readonly<Record<string, readonly unknown[]>>;
    const entries = Object.entries(more).map(([name, members]): [string, unknown] => [
      name,
      [...(known[name] ?? []), ...(members as readonly unknown[])],
    ]);
    return { ...lists, ...Object.fromEntries(entries) };
  };
  const { findings, ...lists } = part;
  const next = grown(report, lists);
  return findings === undefined ? next : { ...next, findings: grown(next.findings, findings) };
}
