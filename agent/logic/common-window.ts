/** The timed phase of one instance, on CLOCK_MONOTONIC in ns. */
export interface InstanceRun {
  readonly startedNs: bigint;
  readonly endedNs: bigint;
  readonly durationsNs: readonly number[];
  /** When each call was over, in ns after the start; null where calls follow each other. */
  readonly endsNs: readonly number[] | null;
}

export interface CommonWindow {
  /** From the last start to the first end; 0 where the runs do not overlap. */
  readonly seconds: number;
  /** From the first start to the last end. */
  readonly spanSeconds: number;
  /** As a share of the longest instance's run. */
  readonly share: number;
  /** Between the first and the last start. */
  readonly startSkewNs: number;
  /** Calls inside the window by instance, a call across its edge counting by its part inside. */
  readonly calls: readonly number[];
}

/**
 * What all instances did while all of them ran: rates outside of it would be those of a less loaded
 * host. Within one run of calls that follow each other, time between them is spread evenly over them.
 */
export function commonWindow(runs: readonly InstanceRun[]): CommonWindow {
  const origin = runs.reduce(
    (least, run) => (run.startedNs < least ? run.startedNs : least),
    runs[0]?.startedNs ?? 0n,
  );
  const spans = runs.map((run) => ({
    start: Number(run.startedNs - origin),
    end: Number(run.endedNs - origin),
    durationsNs: run.durationsNs,
    endsNs: run.endsNs,
  }));
  const start = Math.max(...spans.map((span) => span.start));
  const end = Math.min(...spans.map((span) => span.end));
  const longest = Math.max(...spans.map((span) => span.end - span.start));
  const length = Math.max(0, end - start);
  return {
    seconds: length / 1e9,
    spanSeconds: Math.max(0, ...spans.map((span) => span.end)) / 1e9,
    share: longest === 0 ? 0 : length / longest,
    startSkewNs: start,
    calls: spans.map((span) => countCalls(span, start, end)),
  };
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly durationsNs: readonly number[];
  readonly endsNs: readonly number[] | null;
}

function countCalls(span: Span, from: number, to: number): number {
  if (span.endsNs !== null) {
    const ends = span.endsNs.map((end) => span.start + end);
    return ends.filter((end) => end > from && end <= to).length;
  }
  const busy = span.durationsNs.reduce((sum, duration) => sum + duration, 0);
  if (busy === 0 || to <= from) return 0;
  const stretch = (span.end - span.start) / busy;
  let at = span.start;
  let calls = 0;
  for (const duration of span.durationsNs) {
    const length = duration * stretch;
    const inside = Math.min(at + length, to) - Math.max(at, from);
    if (inside > 0) calls += length === 0 ? 0 : inside / length;
    at += length;
  }
  return calls;
}
