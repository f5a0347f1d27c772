import type { CanaryFinding } from "../canary-finding.ts";
import type { Anomaly } from "../findings.ts";

/** Hosts whose canary did not stay as it was while the sweep lasted, one anomaly a canary. */
export function canaryDrifts(canaries: readonly CanaryFinding[]): readonly Anomaly[] {
  return canaries
    .filter(({ state }) => state === "drifted")
    .map(({ hostId, name, visits, drift, shifts, reason }): Anomaly => {
      const ratios = [drift, ...shifts.map(({ ratio }) => ratio)];
      const logs = ratios.flatMap(({ value }) => (value === null ? [] : Math.abs(Math.log(value))));
      return {
        kind: "canary-drift",
        hostId,
        cellIds: visits.map(({ cellId }) => cellId),
        message: `its canary (${name}) ${reason}`,
        score: Math.max(0, ...logs),
      };
    });
}
