import type { AssignedLaunch } from "../../shared/domain/assignment.ts";
import { allowedFailures } from "../../shared/domain/failure-reason.ts";
import type { Method } from "../../shared/domain/method.ts";
import { logInterval } from "../../shared/stats/interval.ts";

/**
 * Launches beyond the most that are granted in place of invalid ones: what a foreign load spoiled is
 * measured again, but a host that is never quiet comes to an end (krun re-runs without a bound). None
 * where the method only flags noise.
 */
export const maxReruns = 2;

/**
 * Whether a cell with these launches, in their order, is done: `ok` when the interval of its usable
 * launches is as narrow as asked for or no more launches are allowed, `failed` after
 * as many failures in a row as the last one's reason allows; when its time is over `ok` with anything measured and else `failed`; else
 * null.
 */
export function terminalState(
  launches: readonly AssignedLaunch[],
  method: Method,
): "ok" | "failed" | null {
  if (hasFailedForGood(launches)) return "failed";
  const measured = launches.filter(({ medianNs }) => medianNs !== null);
  if (isOverTime(launches, method)) return measured.length > 0 ? "ok" : "failed";
  if (launches.at(-1)?.medianNs === null) return null;
  const usable = measured.flatMap(({ medianNs, invalid }) =>
    medianNs === null || invalid ? [] : [medianNs],
  );
  const retries = method.noise !== "flag";
  const reruns = retries ? Math.min(measured.length - usable.length, maxReruns) : 0;
  if (measured.length > 0 && measured.length >= method.maxLaunches + reruns) return "ok";
  const enough = retries ? usable.length : measured.length;
  if (usable.length === 0 || enough < method.minLaunches) return null;
  return isPrecise(usable, method) ? "ok" : null;
}

/** A launch of which an older agent or coordinator did not say why it failed counts as a crash. */
function hasFailedForGood(launches: readonly AssignedLaunch[]): boolean {
  const last = launches.at(-1);
  if (last === undefined || last.medianNs !== null) return false;
  const allowed = allowedFailures(last.failure ?? "");
  const recent = launches.slice(-allowed);
  return recent.length === allowed && recent.every(({ medianNs }) => medianNs === null);
}

/** Launches whose time is not known, of an older agent, take none. */
function isOverTime(launches: readonly AssignedLaunch[], { maxCellSeconds }: Method): boolean {
  if (maxCellSeconds === null) return false;
  const takenMs = launches.reduce((sum, { elapsedMs }) => sum + (elapsedMs ?? 0), 0);
  return takenMs >= maxCellSeconds * 1_000;
}

/** On the wire 0 stands for "no target". */
function isPrecise(medians: readonly number[], method: Method): boolean {
  const target = method.targetHalfWidth;
  if (target === 0 || target === Number.POSITIVE_INFINITY) return true;
  const interval = logInterval(medians, method);
  return interval !== null && interval.halfWidth <= target;
}
