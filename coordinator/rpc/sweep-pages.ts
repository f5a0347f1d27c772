import type { ListSweepsResponse } from "../../proto/gen/fleetsweep/v1/ListSweepsResponse.ts";
import type { SweepSummary } from "../logic/summary.ts";

/** Characters of the names in one answer, far below the 4 MiB that a message may have. */
const pageChars = 1024 * 1024;

/**
 * The first of these sweeps, which come the newest first: at most `limit` unless that is 0, no more than fit a
 * message well, and always one; the rest are not even looked at.
 */
export function pageOfSweeps(sweeps: Iterable<SweepSummary>, limit: number): ListSweepsResponse {
  const page: ReturnType<typeof toWire>[] = [];
  let chars = 0;
  for (const sweep of sweeps) {
    chars += lengthOf(sweep);
    const isFull = page.length === limit || chars > pageChars;
    if (page.length > 0 && isFull) return { sweeps: page.reverse(), more: true };
    page.push(toWire(sweep));
  }
  return { sweeps: page.reverse(), more: false };
}

export function toWire(summary: SweepSummary) {
  const { hostIds, cancelReason } = summary;
  return { ...summary, hostIds: [...hostIds], cancelReason: cancelReason ?? "" };
}

/** A sweep over a large fleet names thousands of hosts; everything else of it but the reason is short. */
function lengthOf({ name, hostIds, cancelReason }: SweepSummary): number {
  const hosts = hostIds.reduce((sum, hostId) => sum + hostId.length + 2, 0);
  return name.length + hosts + (cancelReason?.length ?? 0) + 512;
}
