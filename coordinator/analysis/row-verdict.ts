import type { Method } from "../../shared/domain/method.ts";
import type { Reason } from "../../shared/domain/result.ts";
import { countOf } from "../../shared/domain/text-layout.ts";
import { type CellFigures, type MeasuredLaunch, measuredLaunches } from "./cell-figures.ts";
import type { RowVerdict } from "./report.ts";
import type { ReportCell } from "./report-input.ts";

/** Reasons that only the launches of a cell together can give; the others come from the agent. */
export const cellReasons = ["noisy", "few-launches"] as const;

const [noisy, fewLaunches] = cellReasons;

/**
 * Whether a cell's figures may be believed. Invalid: fewer than half of the launches can be used.
 * Flagged: a launch was flagged or invalid, the interval missed the target (`noisy`), or there are fewer
 * launches than the method asks for (`few-launches`). One smoke launch is never a verdict, though what
 * is wrong with it is said.
 */
export function rowVerdict(cell: ReportCell, figures: CellFigures, method: Method): RowVerdict {
  const measured = measuredLaunches(cell);
  const { used } = figures.launches;
  const reasons = [
    ...launchReasons(measured),
    ...widthReasons(figures, method),
    ...countReasons(used, method),
  ];
  if (2 * used < measured.length || used === 0) return { status: "invalid", reasons };
  if (reasons.length > 0) return { status: "flagged", reasons };
  return { status: method.precision === "smoke" ? null : "valid", reasons };
}

/** Each reason once, with how many launches have it and what the first of them says. */
function launchReasons(launches: readonly MeasuredLaunch[]): Reason[] {
  const found = new Map<string, { first: Reason; count: number }>();
  for (const { verdict } of launches) {
    for (const reason of verdict.reasons) {
      const same = found.get(reason.code);
      if (same === undefined) found.set(reason.code, { first: reason, count: 1 });
      else same.count += 1;
    }
  }
  return [...found.values()].map(({ first, count }) => ({
    code: first.code,
    message:
      launches.length === 1
        ? first.message
        : `${count} of ${launches.length} launches: ${first.message}`,
  }));
}

function widthReasons({ medianNs, launches }: CellFigures, method: Method): Reason[] {
  const { halfWidth } = medianNs;
  // Where no launch can be used the interval shown is of those that cannot: what voids them says enough.
  if (halfWidth === null || halfWidth <= method.targetHalfWidth || launches.used === 0) return [];
  const message = `±${percent(halfWidth)} after ${countOf(launches.used, "launch")}, ±${percent(method.targetHalfWidth)} was the target`;
  return [{ code: noisy, message }];
}

function countReasons(used: number, method: Method): Reason[] {
  if (method.precision === "smoke" || used >= method.minLaunches) return [];
  const message = `${countOf(used, "launch")} can be used, ${method.minLaunches} are needed`;
  return [{ code: fewLaunches, message }];
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
