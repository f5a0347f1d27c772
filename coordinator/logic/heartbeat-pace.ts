/**
 * Heartbeats that a coordinator takes a second from all of its hosts: one costs some 0.2 ms of CPU time
 * (`npm run bench:fleet`), so a tenth of a core.
 */
const perSecond = 500;
/** Longer would hide for minutes what the spools hold. */
const longestMs = 60_000;

/** How often each of so many hosts is to say that it is there, in ms; `usualMs` while they are few. */
export function heartbeatPace(hosts: number, usualMs: number): number {
  const sharedMs = Math.ceil(hosts / perSecond) * 1_000;
  return Math.min(Math.max(sharedMs, usualMs), Math.max(longestMs, usualMs));
}

/** Whether the fleet has grown or shrunk so far that a host is told another pace than it has. */
export function isOffPace(hasMs: number, dueMs: number): boolean {
  return dueMs >= 2 * hasMs || hasMs >= 2 * dueMs;
}
