import { normalCumulative, normalDensity } from "./normal.ts";

/** E max(0, best − value) for a normal value that is to be low (Jones, Schonlau and Welch 1998). */
export function expectedImprovement(best: number, mean: number, variance: number): number {
  const deviation = Math.sqrt(variance);
  const z = (best - mean) / deviation;
  return (best - mean) * normalCumulative(z) + deviation * normalDensity(z);
}

/** A belief that one more visit will move: to mean + shift·Z for a standard normal Z. */
export interface Movable {
  readonly mean: number;
  readonly shift: number;
}

/**
 * min of the means − E min (mean + shift·Z): how much lower the lowest mean is expected to lie after
 * the visit. Exact, by the lower envelope of the lines (Frazier, Powell and Dayanik 2009, algorithm 1).
 * At least one belief.
 */
export function expectedGain(beliefs: readonly Movable[]): number {
  const envelope = lowerEnvelope(beliefs);
  let gain = 0;
  envelope.forEach(({ line, from }, place) => {
    const previous = envelope[place - 1];
    // Shifts that differ by less than a double can divide by meet nowhere: such a bend weighs nothing.
    if (previous === undefined || !Number.isFinite(from)) return;
    const reach = -Math.abs(from);
    const bend = previous.line.shift - line.shift;
    gain += bend * (normalDensity(reach) + reach * normalCumulative(reach));
  });
  return gain;
}

interface Segment {
  readonly line: Movable;
  /** The Z from which on this line is the lowest. */
  readonly from: number;
}

/** Lines that are lowest somewhere, by ascending Z, so by descending shift. */
function lowerEnvelope(beliefs: readonly Movable[]): Segment[] {
  const steepestFirst = [...beliefs].sort((a, b) => b.shift - a.shift || a.mean - b.mean);
  const envelope: Segment[] = [];
  for (const line of steepestFirst) {
    if (envelope.at(-1)?.line.shift === line.shift) continue;
    let from = Number.NEGATIVE_INFINITY;
    for (let last = envelope.at(-1); last !== undefined; last = envelope.at(-1)) {
      from = (line.mean - last.line.mean) / (last.line.shift - line.shift);
      if (from > last.from) break;
      envelope.pop();
      from = Number.NEGATIVE_INFINITY;
    }
    envelope.push({ line, from });
  }
  return envelope;
}
