import type { CanaryFinding } from "../canary-finding.ts";
import type { AnalysedCell } from "../findings/analysed-cell.ts";
import type { ClassFindings, PlacementVerdict, Study } from "../findings.ts";
import type { ReportInput } from "../report-input.ts";

/** What finders of anomalies look at. */
export interface AnomalyInput {
  readonly input: ReportInput;
  readonly cells: readonly AnalysedCell[];
  readonly studies: readonly Study[];
  readonly verdicts: readonly PlacementVerdict[];
  readonly classes: readonly ClassFindings[];
  readonly canaries: readonly CanaryFinding[];
}
