import type { HostProgress__Output } from "../../proto/gen/fleetsweep/v1/HostProgress.ts";
import type { WatchSweepResponse__Output } from "../../proto/gen/fleetsweep/v1/WatchSweepResponse.ts";
import { groupBy } from "../../shared/domain/group-by.ts";
import { countOf, layOut, printable } from "../../shared/domain/text-layout.ts";

const barWidth = 20;
/** Before so much is done, a remaining time would be a guess. */
const etaFromShare = 0.03;

/**
 * The progress of a sweep as lines: one for the sweep, why it was cancelled, and one for each host. Of more
 * than `maxHosts` those are shown that have something to say, and the others are counted. No time is told where
 * `elapsedMs` is null.
 */
export function renderProgress(
  response: WatchSweepResponse__Output,
  elapsedMs: number | null,
  width: number,
  maxHosts = Number.POSITIVE_INFINITY,
): string[] {
  const { summary, hosts } = response;
  const cells = summary?.cells;
  const share = shareOf(hosts);
  const counts = [
    `${cells?.ok ?? 0}/${countOf(cells?.total ?? 0, "cell")} measured`,
    ...((cells?.failed ?? 0) > 0 ? [`${cells?.failed} failed`] : []),
    ...((cells?.quarantined ?? 0) > 0 ? [`${cells?.quarantined} quarantined`] : []),
    ...((summary?.failedLaunches ?? 0) > 0
      ? [`${countOf(summary?.failedLaunches ?? 0, "launch")} failed`]
      : []),
    ...((summary?.orphans ?? 0) > 0 ? [countOf(summary?.orphans ?? 0, "orphan")] : []),
  ].join(", ");
  const isOver = summary?.state === "cancelled" || summary?.state === "done";
  const times = elapsedMs === null ? "" : formatTimes(elapsedMs, isOver ? 1 : share);
  const head = layOut(`${summary?.state ?? ""}  `, [counts, times].filter(Boolean), { width });
  const reason = summary?.cancelReason ?? "";
  const why = reason === "" ? [] : [`  cancelled: ${reason}`];
  const lines = [...head, ...why, ...renderHosts(hosts, maxHosts)];
  return lines.map((line) => cut(line, width));
}

/** The reasons that {@link renderProgress} had no room for, whole, on lines of their own. */
export function renderReasons({ hosts }: WatchSweepResponse__Output, width: number): string[] {
  const isCut = (line: string): boolean => cut(line, width) !== line;
  const lines = renderHosts(hosts, Number.POSITIVE_INFINITY);
  const long = hosts.filter(({ state }, n) => state.includes(": ") && isCut(lines[n] ?? ""));
  return [...groupBy(long, ({ state }) => state)].flatMap(([state, some]) => {
    const names = some.map(({ hostId }) => hostId).join(", ");
    return layOut("", [printable(`${names} ${some.length === 1 ? "is" : "are"} ${state}`)], {
      width,
    });
  });
}

function cut(line: string, width: number): string {
  return line.length <= width ? line.trimEnd() : `${line.slice(0, width - 1).trimEnd()}…`;
}

function renderHosts(hosts: readonly HostProgress__Output[], maxHosts: number): string[] {
  if (hosts.length <= maxHosts) return renderRows(hosts);
  // Stable, so that rows of equal weight stay where they are.
  const shown = [...hosts].sort((a, b) => weightOf(a) - weightOf(b)).slice(0, maxHosts - 1);
  const others = hosts.length - shown.length;
  const done = hosts.filter((host) => shareOf([host]) >= 1).length;
  const away = hosts.filter(({ connected }) => !connected).length;
  return [
    ...renderRows(shown),
    `  and ${countOf(others, "more host")}; of all ${hosts.length}, ${done} done and ${away} away`,
  ];
}

/** Small for what people want to see first: a reason, then a host at work, then one that waits. */
function weightOf(host: HostProgress__Output): number {
  if (host.state.includes(": ")) return 0;
  const share = shareOf([host]);
  if (share >= 1) return 4;
  if (!host.connected) return 1;
  return share > 0 ? 2 : 3;
}

function renderRows(hosts: readonly HostProgress__Output[]): string[] {
  const width = Math.max(...hosts.map(({ hostId }) => hostId.length));
  return hosts.map((host) => renderHost(host, width));
}

function renderHost(host: HostProgress__Output, idWidth: number): string {
  const share = shareOf([host]);
  const filled = Math.round(share * barWidth);
  const bar = `[${"#".repeat(filled)}${".".repeat(barWidth - filled)}]`;
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  return `  ${host.hostId.padEnd(idWidth)}  ${bar} ${percent}  ${doingOf(host)}`;
}

/** A word with a reason says more than what the host did last. */
function doingOf({ state, connected, phase, spoolDepth }: HostProgress__Output): string {
  if (state.includes(": ")) return printable(state);
  if (connected) return phase === "" ? state : phase;
  return spoolDepth === 0 ? "away" : `away, with ${countOf(spoolDepth, "result")} in its spool`;
}

/** Share of the launches that are expected; all of none where every cell was given up or quarantined. */
function shareOf(hosts: readonly HostProgress__Output[]): number {
  const isOver = hosts.every(({ cellsDone, cellsTotal }) => cellsDone >= cellsTotal);
  if (isOver && hosts.length > 0) return 1;
  const done = hosts.reduce((sum, { launchesDone }) => sum + launchesDone, 0);
  const needed = hosts.reduce((sum, { launchesNeeded }) => sum + launchesNeeded, 0);
  return needed === 0 ? 0 : Math.min(done / needed, 1);
}

function formatTimes(elapsedMs: number, share: number): string {
  const elapsed = formatDuration(elapsedMs);
  if (share < etaFromShare || share >= 1) return elapsed;
  return `${elapsed}, about ${formatDuration((elapsedMs * (1 - share)) / share)} left`;
}

/** `45s`, `2m05s`, `3h07m`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m${String(seconds % 60).padStart(2, "0")}s`;
  return `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, "0")}m`;
}
