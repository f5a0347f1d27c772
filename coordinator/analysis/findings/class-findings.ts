import { groupBy } from "../../../shared/domain/group-by.ts";
import { flatMapSteps, type Steps } from "../../../shared/domain/steps.ts";
import { countOf } from "../../../shared/domain/text-layout.ts";
import { launchMean, meanOf } from "../../../shared/stats/log-estimate.ts";
import { median, medianAbsoluteDeviation } from "../../../shared/stats/quantile.ts";
import { varianceComponents } from "../../../shared/stats/variance-components.ts";
import type { ClassFindings, FoundHost, HostOffset } from "../findings.ts";
import type { AnalysedCell } from "./analysed-cell.ts";
import { toMetric } from "./metric.ts";

const limits = {
  /** Fewer hosts give a range, no variance. */
  varianceHosts: 5,
  /** Fewer hosts have no majority that one of them could differ from. */
  outlierHosts: 6,
  score: 3.5,
  share: 0.02,
  agreement: 0.6,
  /** Least MAD of the hosts' logarithms: hosts that agree perfectly would make any other an outlier. */
  leastMad: 0.003,
} as const;

/** How the hosts of each class differ, and which of them do not belong; a step a class. */
export function* classSteps(
  cells: readonly AnalysedCell[],
  hosts: readonly FoundHost[],
): Steps<readonly ClassFindings[]> {
  const known = hosts.filter(({ classId }) => classId !== null);
  const classes = [...groupBy(known, ({ classId }) => classId ?? "")];
  // A host whose microcode differs is of another class: only among its like does it show.
  const hardware = [...groupBy(known, hardwareOf)].filter(
    ([, members]) => new Set(members.map(({ classId }) => classId)).size > 1,
  );
  const kinds = [
    ...classes.map(([id, members]) => ({ kind: "class" as const, id, members })),
    ...hardware.map(([id, members]) => ({ kind: "hardware" as const, id, members })),
  ];
  return yield* flatMapSteps(kinds, 1, ({ kind, id, members }): [ClassFindings] => {
    const ids = new Set(members.map(({ hostId }) => hostId));
    const own = cells.filter(({ hostId, latencyNs }) => ids.has(hostId) && latencyNs.size > 0);
    const byCell = [...groupBy(own, ({ cell }) => cell).values()];
    const shared = byCell.filter((same) => same.length >= 2);
    return [
      {
        kind,
        classId: id,
        hostIds: [...ids],
        variance: findVariance(shared, ids.size),
        ladder: findLadder(shared, members),
      },
    ];
  });
}

/** What buyers would call the same machine: CPU model, packages and cores. */
function hardwareOf({ cpu, coresPerPackage }: FoundHost): string {
  const shape = coresPerPackage === null ? "unknown cores" : `${coresPerPackage.join("+")} cores`;
  return `${cpu ?? "unknown CPU"}, ${shape}`;
}

/** Pooled over the cells that enough hosts measured: each cell's own mean falls out of its components. */
function findVariance(
  cells: readonly (readonly AnalysedCell[])[],
  hosts: number,
): ClassFindings["variance"] {
  if (hosts < limits.varianceHosts) {
    return { value: null, reason: `${countOf(hosts, "host")}, ${limits.varianceHosts} are needed` };
  }
  const found = cells
    .filter((same) => same.length >= limits.varianceHosts)
    .flatMap(
      (same) =>
        varianceComponents(same.map(({ latencyNs }) => [...latencyNs.values()].map(Math.log))) ??
        [],
    );
  if (found.length === 0) {
    return { value: null, reason: "no cell has several launches on enough hosts" };
  }
  const between = mean(found.map((components) => components.between));
  const within = mean(found.map((components) => components.within));
  const total = between + within;
  return {
    value: Math.sqrt(between),
    hostSd: Math.sqrt(between),
    launchSd: Math.sqrt(within),
    icc: total === 0 ? 0 : between / total,
    cells: found.length,
    hosts,
  };
}

/** r(host, cell) = ln of the host's mean over the class's median; a host's offset is its median over cells. */
function findLadder(
  cells: readonly (readonly AnalysedCell[])[],
  hosts: readonly FoundHost[],
): readonly HostOffset[] {
  const residuals = new Map<string, number[]>(hosts.map(({ hostId }) => [hostId, []]));
  for (const same of cells) {
    const logs = same.map(({ latencyNs }) => launchMean(latencyNs)?.mean ?? Number.NaN);
    const center = median(logs);
    same.forEach(({ hostId }, index) => residuals.get(hostId)?.push((logs[index] ?? 0) - center));
  }
  const offsets = hosts.flatMap((host) => {
    const own = residuals.get(host.hostId) ?? [];
    return own.length === 0 ? [] : [{ host, own, offset: median(own) }];
  });
  const score = scoreOf(offsets.map(({ offset }) => offset));
  return offsets
    .map(({ host, own, offset }) => toOffset({ host, own, offset, score: score(offset) }, hosts))
    .sort((a, b) => (b.ratio.value ?? 0) - (a.ratio.value ?? 0));
}

/** Modified z (Iglewicz and Hoaglin, 1993); null with too few hosts. */
function scoreOf(offsets: readonly number[]): (offset: number) => number | null {
  if (offsets.length < limits.outlierHosts) return () => null;
  const center = median(offsets);
  const mad = Math.max(medianAbsoluteDeviation(offsets), limits.leastMad);
  return (offset) => (0.6745 * (offset - center)) / mad;
}

interface Residuals {
  readonly host: FoundHost;
  readonly own: readonly number[];
  readonly offset: number;
  readonly score: number | null;
}

function toOffset(
  { host, own, offset, score }: Residuals,
  hosts: readonly FoundHost[],
): HostOffset {
  const sameSign = own.filter((value) => Math.sign(value) === Math.sign(offset)).length;
  const agreement = sameSign / own.length;
  const outlier =
    score !== null &&
    Math.abs(score) > limits.score &&
    Math.abs(Math.expm1(offset)) > limits.share &&
    agreement >= limits.agreement;
  const spread = meanOf(own);
  return {
    hostId: host.hostId,
    // Around the median, with the scatter of the cells: a host is described by all of its cells.
    ratio: toMetric(
      {
        estimate: { mean: offset, se: spread?.se ?? null, df: spread?.df ?? 0, n: own.length },
        show: Math.exp,
      },
      "ratio",
    ),
    score,
    agreement,
    outlier,
    differs: outlier ? differingFacets(host, hosts) : [],
  };
}

/** Facets in which a host differs from what most others of its class have. */
export function differingFacets(
  host: FoundHost,
  hosts: readonly FoundHost[],
): HostOffset["differs"] {
  const others = hosts.filter(({ hostId }) => hostId !== host.hostId);
  return host.facets.flatMap(({ name, value }) => {
    const counts = new Map<string, number>();
    for (const other of others) {
      const theirs = other.facets.find((facet) => facet.name === name)?.value ?? "unknown";
      counts.set(theirs, (counts.get(theirs) ?? 0) + 1);
    }
    const [most] = [...counts].sort(([, a], [, b]) => b - a);
    if (most === undefined || most[0] === value || 2 * most[1] <= others.length) return [];
    return [{ name, value, others: most[0] }];
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
