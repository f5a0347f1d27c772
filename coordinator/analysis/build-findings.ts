import { groupBy } from "../../shared/domain/group-by.ts";
import { finishSteps, flatMapSteps, type Steps } from "../../shared/domain/steps.ts";
import { anomalySteps } from "./anomalies/find-anomalies.ts";
import {
  type AnalysedCell,
  analyseCells,
  analysisSteps,
  groupCells,
  numberObjects,
} from "./findings/analysed-cell.ts";
import { batchSplits } from "./findings/batch-split.ts";
import { groupCanaries, mergeVisits } from "./findings/canary-cells.ts";
import { findCanaries } from "./findings/canary-findings.ts";
import { classSteps } from "./findings/class-findings.ts";
import { pairSteps } from "./findings/class-pairs.ts";
import { studyClass } from "./findings/class-study.ts";
import { toFoundHost } from "./findings/found-hosts.ts";
import { type HostStudy, hostScope, studyHost } from "./findings/host-study.ts";
import { findInteractions } from "./findings/interactions.ts";
import { placementVerdicts } from "./findings/placement-verdicts.ts";
import type { PlacedCell } from "./findings/select-cells.ts";
import { type Findings, type FoundHost, findingsSchema, type Scope } from "./findings.ts";
import { defaultMargin } from "./margin.ts";
import type { ReportInput } from "./report-input.ts";

/** What a sweep's counted launches say; the same input gives the same findings. */
export function buildFindings(input: ReportInput, margin = defaultMargin): Findings {
  return finishSteps(findingSteps(input, margin));
}

/** Groups of cells, scopes, or workloads of a scope that one step takes. */
const sizes = { groups: 50, scopes: 1, workloads: 1 } as const;

/** {@link buildFindings} in steps: those of a large sweep take as long as many heartbeats. */
export function* findingSteps(input: ReportInput, margin: number): Steps<Findings> {
  const cells = yield* analysisSteps(input);
  const hosts = input.hosts.map(toFoundHost);
  const packagesOf = new Map(
    hosts.map(({ hostId, coresPerPackage }) => [hostId, coresPerPackage?.length ?? null]),
  );
  const splits = batchSplits(cells);
  yield;
  const hostStudies = yield* flatMapSteps(groupCells(cells), sizes.groups, (group) => [
    studyHost(group, packagesOf.get(group.hostId) ?? null, splits),
  ]);
  const scopes = [...hosts.map(({ hostId }) => hostScope(hostId)), ...classScopes(hosts)];
  const classStudied = yield* flatMapSteps(classScopes(hosts), sizes.scopes, (scope) =>
    classStudies(hostStudies, scope),
  );
  const studies = [...hostStudies.map(({ study }) => study), ...classStudied];
  const scoped = yield* flatMapSteps(scopes, sizes.scopes, (scope) => {
    const packages = packagesOf.get(scope.hostIds[0] ?? "") ?? 0;
    const byWorkload = groupBy(placedIn(cells, scope), ({ workload }) => workload);
    return [...byWorkload.values()].map((placed) => ({ scope, placed, packages }));
  });
  const verdicts = yield* flatMapSteps(scoped, sizes.workloads, ({ scope, placed, packages }) =>
    packages === 0 ? [] : placementVerdicts(placed, { scope, packages, margin }),
  );
  const interactions = yield* flatMapSteps(scoped, sizes.workloads, ({ scope, placed }) =>
    findInteractions(placed, scope, margin),
  );
  const canaries = groupCanaries(input.canaries);
  // Hosts that share a matrix out have no cell in common but these.
  const merged = analyseCells({ ...input, cells: canaries.map(mergeVisits) });
  const classes = yield* classSteps([...cells, ...merged], hosts);
  const classPairs = yield* pairSteps(cells, hosts, margin);
  const found = findCanaries(canaries);
  const known = { input, cells, studies, verdicts, classes, canaries: found };
  const anomalies = yield* anomalySteps(known);
  return {
    schema: findingsSchema,
    margin,
    hosts,
    studies,
    verdicts,
    interactions,
    classes,
    classPairs,
    canaries: found,
    anomalies,
  };
}

/** Classes with several hosts. */
function classScopes(hosts: readonly FoundHost[]): readonly Scope[] {
  const known = hosts.filter(({ classId }) => classId !== null);
  return [...groupBy(known, ({ classId }) => classId ?? "")].flatMap(([id, members]): Scope[] => {
    const hostIds = members.map(({ hostId }) => hostId);
    return hostIds.length < 2 ? [] : [{ kind: "class", id, hostIds }];
  });
}

function classStudies(studies: readonly HostStudy[], scope: Scope) {
  const own = studies.filter(({ study }) => scope.hostIds.includes(study.scope.id));
  const numberOf = numberObjects();
  const alike = groupBy(
    own,
    ({ study }) => `${numberOf(study.workload)} ${numberOf(study.setting)}`,
  );
  return [...alike.values()].flatMap((same) => studyClass(same, scope) ?? []);
}

function placedIn(cells: readonly AnalysedCell[], { hostIds }: Scope): readonly PlacedCell[] {
  const ids = new Set(hostIds);
  return cells.filter((cell): cell is PlacedCell => cell.layout !== null && ids.has(cell.hostId));
}
