import { countOf } from "../../../shared/domain/text-layout.ts";
import { bounds, logRatio } from "../../../shared/stats/log-estimate.ts";
import type { AnalysedCell } from "../findings/analysed-cell.ts";
import type { Anomaly, Study } from "../findings.ts";

/** Neighbouring numbers of cores inside one package where more were slower. */
export interface CoreRise {
  readonly fewer: AnalysedCell;
  readonly more: AnalysedCell;
  readonly cores: readonly [number, number];
  /** T(more)/T(fewer), above 1. */
  readonly ratio: number;
}

/** Beyond this more cores are slower, not just of no use. */
const share = 0.05;

export function coreRises(
  study: Pick<Study, "curve" | "scope">,
  cellOf: (hostId: string, cellId: string) => AnalysedCell | undefined,
): readonly CoreRise[] {
  const inside = study.curve.filter(({ packages }) => packages === 1);
  return inside.slice(1).flatMap((point, index): CoreRise[] => {
    const before = inside[index];
    if (before === undefined) return [];
    const fewer = cellOf(study.scope.id, before.cellId);
    const more = cellOf(study.scope.id, point.cellId);
    if (fewer === undefined || more === undefined) return [];
    const estimate = logRatio(more.latencyNs, fewer.latencyNs);
    if (estimate === null || estimate.mean <= Math.log1p(share)) return [];
    const reach = bounds(estimate);
    if (reach !== null && reach.low <= 0) return [];
    return [{ fewer, more, cores: [before.cores, point.cores], ratio: Math.exp(estimate.mean) }];
  });
}

export function findCoreAnomalies(
  studies: readonly Study[],
  cellOf: (hostId: string, cellId: string) => AnalysedCell | undefined,
): readonly Anomaly[] {
  return studies
    .filter(({ scope }) => scope.kind === "host")
    .flatMap((study) =>
      coreRises(study, cellOf).map(
        ({ fewer, more, cores: [few, many], ratio }): Anomaly => ({
          kind: "non-monotone",
          hostId: study.scope.id,
          cellIds: [more.cellId, fewer.cellId],
          message: `${countOf(many, "core")} of one socket took ${ratio.toPrecision(3)} times as long as ${few}`,
          score: Math.log(ratio),
        }),
      ),
    );
}
