import { groupBy } from "../../shared/domain/group-by.ts";
import { finishSteps, flatMapSteps, type Steps } from "../../shared/domain/steps.ts";
import { findAnomalies } from "./anomalies/find-anomalies.ts";
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
import { classFindings } from "./findings/class-findings.ts";
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

/** Groups of cells, or scopes, that one step takes. */
const sizes = { groups: 500, scopes: 1 } as const;

/** {@link buildFindings} in steps: those of a large sweep take as long as many heartbeats. */
export function* findingSteps(input: ReportInput, margin: number): Steps<Findings> {
  const cells = yield* analysisSteps(input);
  const hosts = input.hosts.map(toFoundHost);
  const packagesOf = new Map(
    hosts.map(({ hostId, coresPerPackage }) => [hostId, coresPerPackage?.length ?? null]),
  );
  const splits = batchSplits(cells);
  const hostStudies = yield* flatMapSteps(groupCells(cells), sizes.groups, (group) => [
    studyHost(group, packagesOf.get(group.hostId) ?? null, splits),
  ]);
  const scopes = [...hosts.map(({ hostId }) => hostScope(hostId)), ...classScopes(hosts)];
  const studies = [
    ...hostStudies.map(({ study }) => study),
    ...classScopes(hosts).flatMap((scope) => classStudies(hostStudies, scope)),
  ];
  const scoped = scopes.map((scope) => ({
    scope,
    placed: placedIn(cells, scope),
    packages: packagesOf.get(scope.hostIds[0] ?? "") ?? 0,
  }));
  const verdicts = yield* flatMapSteps(scoped, sizes.scopes, ({ scope, placed, packages }) =>
    packages === 0 ? [] : placementVerdicts(placed, { scope, packages, margin }),
  );
  const interactions = yield* flatMapSteps(scoped, sizes.scopes, ({ scope, placed }) =>
    findInteractions(placed, scope, margin),
  );
  const canaries = groupCanaries(input.canaries);
  // Hosts that share a matrix out have no cell in common but these.
  const merged = analyseCells({ ...input, cells: canaries.map(mergeVisits) });
  const classes = classFindings([...cells, ...merged], hosts);
  yield;
  const classPairs = yield* pairSteps(cells, hosts, margin);
  const found = findCanaries(canaries);
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
    anomalies: findAnomalies({ input, cells, studies, verdicts, classes, canaries: found }),
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
