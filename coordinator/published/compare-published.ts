import { FleetsweepError } from "../../shared/domain/errors.ts";
import { compareSides } from "../analysis/compare/compare-sides.ts";
import type { SideRequest } from "../analysis/compare/side.ts";
import type { Comparison } from "../analysis/comparison.ts";
import type { ReportInput } from "../analysis/report-input.ts";

/** A published table with filters, as {@link parseSide} reads them. */
export interface PublishedSide {
  readonly input: ReportInput;
  readonly side: SideRequest;
}

/**
 * Figures that were published of two hosts, such as two generations of machines, cell by cell. One figure a cell
 * allows no interval, so that no change is ever certain: the ratios are what the figures alone say.
 * @throws FleetsweepError config.invalid where the sides have no cell in common.
 */
export function comparePublished(a: PublishedSide, b: PublishedSide, margin: number): Comparison {
  const found = compareSides(
    { a: a.input, b: b.input },
    { a: onItsHost(a), b: onItsHost(b), objective: "latency", margin },
  );
  if (found.cells.length > 0) return found;
  const sides = `${a.side.label} and ${b.side.label}`;
  throw new FleetsweepError(
    "config.invalid",
    `${sides} have no cell in common: name the axes in which they differ, such as ,mode=eager`,
  );
}

/** What both sides name is not compared, and a publication has one host. */
function onItsHost({ input, side }: PublishedSide): SideRequest {
  const hosts = input.hosts.map(({ hostId }): [string, string] => ["host", hostId]);
  return { ...side, sweepId: input.sweep.sweepId, filters: [...side.filters, ...hosts] };
}
