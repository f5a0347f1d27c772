import type { GetReportResponse } from "../proto/gen/fleetsweep/v1/GetReportResponse.ts";
import { buildReport } from "./analysis/build-report.ts";
import type { Report } from "./analysis/report.ts";
import type { Projection } from "./store/projection.ts";

/** Rows of one message: 128 rows of a few KiB stay below its 4 MiB. */
const rowsPerMessage = 128;

/** The lists of a report that grow with the sweep; the rest is its header. */
export const reportLists = ["rows", "failed", "missing"] as const;

/** A sweep's report in pieces: the header, then parts of its lists. @throws sweep.not_found */
export async function* readReport(
  store: Pick<Projection, "readReportInput">,
  sweepId: string,
): AsyncGenerator<GetReportResponse> {
  const report = buildReport(await store.readReportInput(sweepId));
  const header: Report = { ...report, rows: [], failed: [], missing: [] };
  yield { headerJson: JSON.stringify(header) };
  for (const list of reportLists) {
    const members: readonly unknown[] = report[list];
    for (let start = 0; start < members.length; start += rowsPerMessage) {
      const part = { [list]: members.slice(start, start + rowsPerMessage) };
      yield { rowsJson: JSON.stringify(part) };
    }
  }
}
