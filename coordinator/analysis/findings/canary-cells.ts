import { withoutCanary } from "../../../shared/domain/canary.ts";
import { type Cell, canonicalCell } from "../../../shared/domain/cell.ts";
import { groupBy } from "../../../shared/domain/group-by.ts";
import { measuredLaunches } from "../cell-figures.ts";
import type { ReportCell } from "../report-input.ts";

/** One canary of one host with every visit that was planned. */
export interface Canary {
  readonly hostId: string;
  readonly cell: Cell;
  readonly visits: readonly ReportCell[];
}

/** Visits of the same host and the same work, in the order of their first. */
export function groupCanaries(visits: readonly ReportCell[]): readonly Canary[] {
  const groups = groupBy(visits, ({ hostId, cell }) =>
    JSON.stringify([hostId, canonicalCell(withoutCanary(cell))]),
  );
  return [...groups.values()].flatMap((same): Canary[] => {
    const [first] = same;
    if (first === undefined) return [];
    return [{ hostId: first.hostId, cell: withoutCanary(first.cell), visits: same }];
  });
}

/** The canary as one cell: the launches of all visits, numbered anew in the order of time. */
export function mergeVisits({ hostId, cell, visits }: Canary): ReportCell {
  const launches = visits
    .filter(({ terminal }) => terminal !== "failed")
    .flatMap(measuredLaunches)
    .sort((a, b) => a.endedAtMs - b.endedAtMs)
    .map((launch, index) => ({ ...launch, launch: index + 1 }));
  return {
    hostId,
    shardId: visits[0]?.shardId ?? "",
    cellId: visits[0]?.cellId ?? "",
    cell,
    terminal: "ok",
    givenUp: null,
    launches,
    pooled: null,
  };
}
