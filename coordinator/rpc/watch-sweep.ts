import type { HostProgress } from "../../proto/gen/fleetsweep/v1/HostProgress.ts";
import type { SweepSummary } from "../../proto/gen/fleetsweep/v1/SweepSummary.ts";
import type { WatchSweepRequest__Output } from "../../proto/gen/fleetsweep/v1/WatchSweepRequest.ts";
import type { WatchSweepResponse } from "../../proto/gen/fleetsweep/v1/WatchSweepResponse.ts";

/** A sweep at one moment. */
export interface WatchedSweep {
  readonly summary: SweepSummary;
  /** A row a host, made when they are asked for: of a large fleet they are most of the cost. */
  readonly hosts: () => readonly HostProgress[];
  /** Nothing more will change. */
  readonly ended: boolean;
}

export interface Watching {
  /** @throws FleetsweepError sweep.not_found */
  readonly look: () => WatchedSweep;
  readonly tell: (response: WatchSweepResponse) => Promise<void>;
  readonly pause: (ms: number) => Promise<void>;
}

export const watchLimits = {
  /** How often the sweep as a whole is looked at. */
  lookMs: 250,
  /** Rows are looked at once in so many ms for each of them, so that a large fleet costs no more than a small one. */
  msPerHost: 1,
  /** A watcher hears of every host this often at the least, where something changes. */
  rowsEveryMs: 5_000,
  /** Rows of one message: some 150 bytes each. */
  rowsPerMessage: 1_000,
} as const;

/**
 * Tells of a sweep until it is over, when something has changed: of all its hosts, or with `changes` after
 * the first time of those alone that changed.
 */
export async function watchSweep(
  { changes }: Pick<WatchSweepRequest__Output, "changes">,
  { look, tell, pause }: Watching,
): Promise<void> {
  const shown: Shown = { summary: "", rows: new Map() };
  const next = changes ? changesOf : wholeOf;
  for (let looks = 0; ; looks += 1) {
    const watched = look();
    const isDue = looks % looksPerRows(shown.rows.size) === 0 || watched.ended;
    for (const response of next(shown, watched, isDue)) await tell(response);
    if (watched.ended) return;
    await pause(watchLimits.lookMs);
  }
}

function looksPerRows(hosts: number): number {
  const { lookMs, msPerHost, rowsEveryMs } = watchLimits;
  return Math.max(1, Math.ceil(Math.min(hosts * msPerHost, rowsEveryMs) / lookMs));
}

/** What the watcher knows, as text to compare with. */
interface Shown {
  summary: string;
  /** By host. */
  readonly rows: Map<string, string>;
}

function wholeOf(
  shown: Shown,
  { summary, hosts }: WatchedSweep,
  isDue: boolean,
): WatchSweepResponse[] {
  if (!isDue) return [];
  const rows = [...hosts()];
  const isNew = noteRows(shown, rows).length > 0;
  return noteSummary(shown, summary) || isNew ? [{ summary, hosts: rows }] : [];
}

/** The hosts' ids stand in the first summary alone: the rows name them. */
function changesOf(
  shown: Shown,
  { summary, hosts }: WatchedSweep,
  isDue: boolean,
): WatchSweepResponse[] {
  const isFirst = shown.summary === "";
  const rows = isDue ? noteRows(shown, hosts()) : [];
  const isNew = noteSummary(shown, summary);
  const told = isFirst ? summary : { ...summary, hostIds: [] };
  const parts: WatchSweepResponse[] = [];
  for (let start = 0; start < rows.length; start += watchLimits.rowsPerMessage) {
    const some = rows.slice(start, start + watchLimits.rowsPerMessage);
    parts.push({ summary: start === 0 ? told : { ...told, hostIds: [] }, hosts: some });
  }
  return parts.length === 0 && isNew ? [{ summary: told, hosts: [] }] : parts;
}

/** Whether anything but the hosts is another than before. */
function noteSummary(shown: Shown, { hostIds, ...summary }: SweepSummary): boolean {
  const text = JSON.stringify([summary, hostIds?.length]);
  const isNew = text !== shown.summary;
  shown.summary = text;
  return isNew;
}

/** The rows that are others than before. */
function noteRows({ rows: known }: Shown, rows: readonly HostProgress[]): HostProgress[] {
  return rows.filter((row) => {
    const text = JSON.stringify(row);
    const hostId = row.hostId ?? "";
    if (known.get(hostId) === text) return false;
    known.set(hostId, text);
    return true;
  });
}
