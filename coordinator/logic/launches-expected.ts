import type { Method } from "../../shared/domain/method.ts";
import { logInterval } from "../../shared/stats/interval.ts";

type StopRule = Pick<Method, "minLaunches" | "maxLaunches" | "targetHalfWidth">;

/**
 * How many launches an open cell will have had in the end, by its launches so far (medians in ns, null for a
 * failed one): intervals narrow with the square root of the launches, so that the scatter says how many the
 * target takes. At least one more, and never more than the method allows.
 */
export function launchesExpected(
  launches: readonly { readonly medianNs: number | null }[],
  { minLaunches, maxLaunches, targetHalfWidth }: StopRule,
): number {
  const next = Math.max(minLaunches, launches.length + 1);
  if (launches.length < minLaunches) return next;
  const interval = logInterval(launches.flatMap(({ medianNs }) => medianNs ?? []));
  if (interval === null) return next;
  const enough = interval.launches * (interval.halfWidth / targetHalfWidth) ** 2;
  return Math.max(next, Math.min(Math.ceil(enough), maxLaunches));
}
