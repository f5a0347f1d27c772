import { groupBy } from "../../../shared/domain/group-by.ts";
import { flatMapSteps, type Steps } from "../../../shared/domain/steps.ts";
import { countOf } from "../../../shared/domain/text-layout.ts";
import { measuredLaunches } from "../cell-figures.ts";
import type { AnalysedCell } from "../findings/analysed-cell.ts";
import type { Anomaly, ClassFindings, PlacementVerdict, Study } from "../findings.ts";
import type { ReportCell, ReportInput } from "../report-input.ts";
import type { AnomalyInput } from "./anomaly-input.ts";
import { canaryDrifts } from "./canary-drifts.ts";
import { findCoreAnomalies } from "./core-order.ts";
import { findUnusualTimes } from "./host-time.ts";
import { findScatterAnomalies } from "./launch-scatter.ts";
import { findSizeAnomalies } from "./size-order.ts";
import { findSuspectedStates } from "./suspected-states.ts";

/** Everything that deserves a look, kind by kind, the strongest of each first; a step a finder and host. */
export function* anomalySteps(input: AnomalyInput): Steps<readonly Anomaly[]> {
  const { cells, studies, verdicts, classes, canaries } = input;
  const byId = new Map(cells.map((cell) => [`${cell.hostId}\n${cell.cellId}`, cell]));
  const cellOf = (hostId: string, cellId: string): AnalysedCell | undefined =>
    byId.get(`${hostId}\n${cellId}`);
  const hosts = [...groupBy(cells, ({ hostId }) => hostId).values()];
  yield;
  const times = yield* flatMapSteps(hosts, 1, findUnusualTimes);
  const inOrder = yield* flatMapSteps(hosts, 1, findSizeAnomalies);
  const scattered = yield* flatMapSteps(hosts, 1, (own) => findScatterAnomalies(own, times));
  const found = [
    ...hostOutliers(classes),
    ...canaryDrifts(canaries),
    ...times.map(({ anomaly }) => anomaly),
    ...oppositeVerdicts(verdicts),
    ...inOrder,
    ...findCoreAnomalies(studies, cellOf),
    ...superlinear(studies),
    ...scattered,
    ...findSuspectedStates(cells),
    ...absentCells([...cells.map(({ source }) => source), ...input.input.canaries], input.input),
  ];
  yield;
  const kinds = [...new Set(found.map(({ kind }) => kind))];
  return [...found].sort(
    (a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || b.score - a.score,
  );
}

function hostOutliers(classes: readonly ClassFindings[]): Anomaly[] {
  return classes.flatMap(({ classId, ladder }) =>
    ladder
      .filter(({ outlier }) => outlier)
      .map(({ hostId, ratio, score, agreement, differs }): Anomaly => {
        const facets = differs.map(
          ({ name, value, others }) => `${name} is ${value}, not ${others}`,
        );
        const why = facets.length === 0 ? "no known facet differs" : facets.join("; ");
        const off = ratio.value === null ? 0 : 100 * (ratio.value - 1);
        return {
          kind: "host-outlier",
          hostId,
          cellIds: [],
          message: `${off > 0 ? "slower" : "faster"} than its like (${classId}) by ${Math.abs(off).toPrecision(2)} %, in ${Math.round(100 * agreement)} % of the cells: ${why}`,
          score: Math.abs(score ?? 0),
        };
      }),
  );
}

function oppositeVerdicts(verdicts: readonly PlacementVerdict[]): Anomaly[] {
  return verdicts
    .filter(({ conditionalOn }) => conditionalOn.length > 0)
    .map(({ scope, objective, conditionalOn, workload, bySetting }): Anomaly => {
      const shape = Object.entries(workload).map(([name, value]) => `${name} ${value}`);
      return {
        kind: "opposite-verdict",
        hostId: scope.kind === "host" ? scope.id : null,
        cellIds: bySetting.flatMap(({ candidates }) => candidates.map(({ cellId }) => cellId)),
        message: `the best placement for ${objective} depends on ${conditionalOn.join(" and ")} (${shape.join(", ")})`,
        score: conditionalOn.length,
      };
    });
}

/** More than N times as fast on N parts: then the whole was slow, and that is what to look at. */
function superlinear(studies: readonly Study[]): Anomaly[] {
  return studies.flatMap(({ scope, metrics }) =>
    metrics.flatMap(({ name, at, figure, cellIds }): Anomaly[] => {
      const parts = Number(at["instances"] ?? Number.NaN);
      if (name !== "batch-split-speed-up" || figure.value === null) return [];
      const least = figure.low ?? figure.value;
      if (!(least > parts)) return [];
      return [
        {
          kind: "superlinear",
          hostId: scope.kind === "host" ? scope.id : null,
          cellIds,
          message: `${parts} instances with a part of the batch each are ${figure.value.toPrecision(3)} times as fast as one: an interaction with placement, not scaling`,
          score: figure.value / parts,
        },
      ];
    }),
  );
}

/** Cells without a figure, by host and reason. */
function absentCells(cells: readonly ReportCell[], { sweep }: ReportInput): Anomaly[] {
  const absent = cells.flatMap((cell) => {
    const { terminal, launches, givenUp } = cell;
    if (terminal !== "failed" && measuredLaunches(cell).length > 0) return [];
    const last = launches.filter((launch) => launch.type === "failed").at(-1);
    const why = sweep.state === "cancelled" ? "the sweep was cancelled" : "not measured yet";
    const kind = terminal === "failed" ? ("failed" as const) : ("missing" as const);
    const evidence = `${last?.reason ?? "unknown"}: ${last?.message ?? ""}`;
    const failure = givenUp === null ? evidence : `${givenUp.by}: ${givenUp.reason}`;
    const reason = kind === "failed" ? failure : why;
    return [{ cell, kind, reason }];
  });
  const groups = groupBy(absent, ({ cell, kind, reason }) => `${cell.hostId}\n${kind}\n${reason}`);
  return [...groups.values()].flatMap((same): Anomaly[] => {
    const [first] = same;
    if (first === undefined) return [];
    const count = countOf(same.length, "cell");
    return [
      {
        kind: first.kind,
        hostId: first.cell.hostId,
        cellIds: same.map(({ cell }) => cell.cellId),
        message: `${count} ${first.kind}: ${first.reason}`,
        score: same.length,
      },
    ];
  });
}
