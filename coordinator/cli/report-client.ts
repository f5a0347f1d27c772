import type { GetReportResponse__Output } from "../../proto/gen/fleetsweep/v1/GetReportResponse.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { defaultMargin } from "../analysis/margin.ts";
import type { Report } from "../analysis/report.ts";
import { addReportPart, type ReportPart } from "../read-report.ts";
import type { Operator } from "./operator-client.ts";

/** Asks for a sweep's report and puts its pieces together. @throws sweep.not_found */
export async function fetchReport(
  operator: Operator,
  sweepId: string,
  margin = defaultMargin,
): Promise<Report> {
  let report: Report | undefined;
  const pieces = operator.stream<GetReportResponse__Output>((client) =>
    client.getReport({ sweepId, margin }),
  );
  for await (const { headerJson, rowsJson } of pieces) {
    if (headerJson !== undefined) report = JSON.parse(headerJson) as Report;
    else if (report !== undefined) {
      report = addReportPart(report, JSON.parse(rowsJson ?? "{}") as ReportPart);
    }
  }
  if (report !== undefined) return report;
  throw new FleetsweepError("link.protocol", `the coordinator sent no report of sweep ${sweepId}`);
}
