import { groupBy } from "../../../shared/domain/group-by.ts";
import { flatMapSteps, type Steps } from "../../../shared/domain/steps.ts";
import { difference } from "../../../shared/stats/log-estimate.ts";
import { judgeSteps, meanOver, pairsAStep } from "../compare/judge-cells.ts";
import { countChanges } from "../compare/outcome.ts";
import { axisMeanSteps, meanRatio, type RatioOfCells } from "../compare/ratio-means.ts";
import type { ClassPair, FoundHost } from "../findings.ts";
import type { AnalysedCell } from "./analysed-cell.ts";

/** Classes that are put beside each other, those with most cells first: 4 make 6 pairs. */
const mostClasses = 4;

/**
 * Latency of each class against each other, over the cells that both measured: one generation of machines
 * against the next. A class's figure is the mean of its hosts', so one host a side is its launches' alone. In steps.
 */
export function* pairSteps(
  cells: readonly AnalysedCell[],
  hosts: readonly FoundHost[],
  margin: number,
): Steps<readonly ClassPair[]> {
  const classOf = new Map(hosts.map(({ hostId, classId }) => [hostId, classId]));
  const measured = cells.filter(
    ({ hostId, latencyNs }) => latencyNs.size > 0 && (classOf.get(hostId) ?? null) !== null,
  );
  const classes = [...groupBy(measured, ({ hostId }) => classOf.get(hostId) ?? "")]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, mostClasses)
    .map(([classId, own]): ClassCells => {
      const of = hosts.filter((host) => host.classId === classId);
      return { classId, hosts: of, byCell: groupBy(own, ({ cell }) => cell) };
    });
  const found: ClassPair[] = [];
  for (const [index, a] of classes.entries()) {
    for (const b of classes.slice(index + 1)) found.push(...(yield* compareClasses(a, b, margin)));
  }
  return found;
}

interface ClassCells {
  readonly classId: string;
  readonly hosts: readonly FoundHost[];
  readonly byCell: ReadonlyMap<AnalysedCell["cell"], readonly AnalysedCell[]>;
}

function* compareClasses(
  left: ClassCells,
  right: ClassCells,
  margin: number,
): Steps<readonly ClassPair[]> {
  const both = [...left.byCell];
  const pairs = yield* flatMapSteps(both, pairsAStep, ([cell, own]): RatioOfCells[] => {
    const others = right.byCell.get(cell) ?? [];
    const [a, b] = [meanOver(own, "latency"), meanOver(others, "latency")];
    const [one, other] = [own[0]?.cellId, others[0]?.cellId];
    if (a === null || b === null || one === undefined || other === undefined) return [];
    const cellIds = [one, other] as const;
    return [{ hostId: null, cell, cellIds, a, b, ratio: difference(b, a), paired: false }];
  });
  if (pairs.length === 0) return [];
  const judged = yield* judgeSteps(pairs, { objective: "latency", margin });
  return [
    {
      classes: [describe(left), describe(right)],
      cells: pairs.length,
      ratio: meanRatio(pairs),
      means: yield* axisMeanSteps(pairs),
      counts: countChanges(judged),
    },
  ];
}

function describe({ classId, hosts }: ClassCells): ClassPair["classes"][number] {
  return { classId, cpu: hosts[0]?.cpu ?? null, hostIds: hosts.map(({ hostId }) => hostId) };
}
