import { countOf } from "../../../shared/domain/text-layout.ts";
import { bounds, type LogEstimate, twoSidedP } from "../../../shared/stats/log-estimate.ts";
import { holm } from "../../../shared/stats/multiplicity.ts";
import type { Candidate, Decision, SettingVerdict } from "../findings.ts";
import type { Objective } from "../metric.ts";
import { launchesNeeded } from "./launches-needed.ts";
import { measureOf, toMetric } from "./metric.ts";
import { figureOf, ratioOf, type ScopedCell } from "./scoped-cells.ts";
import { isPerPackage, type PlacedCell } from "./select-cells.ts";

const level = 0.05;

type Way = Candidate["placement"];

/** Which way a cell uses the packages of its hosts; null for controls and placements of another kind. */
function wayOf({ hosts }: ScopedCell): Way | null {
  const [first] = hosts;
  return first === undefined || first.layout.remoteMemory ? null : wayOfCell(first);
}

function wayOfCell(cell: PlacedCell): Way | null {
  if (cell.layout.packages.length === 1) return "one-socket";
  if (isPerPackage(cell)) return "per-socket";
  return cell.layout.instances === 1 ? "all-sockets" : null;
}

interface Contestant {
  readonly way: Way;
  readonly scoped: ScopedCell;
  readonly figure: LogEstimate;
  /** ln of how much worse than the best; null for the best. */
  readonly worseBy: LogEstimate | null;
}

/** Which way to use the packages is best under one setting: paired, beyond a margin, Holm-adjusted. */
export function decidePlacement(
  cells: readonly ScopedCell[],
  { objective, margin }: { readonly objective: Objective; readonly margin: number },
): Omit<SettingVerdict, "setting"> {
  const contestants = findContestants(cells, objective);
  const others = contestants.slice(1);
  const adjusted = holm(
    others.map(({ worseBy }) => (worseBy === null ? null : twoSidedP(worseBy))),
  );
  const candidates = contestants.map(
    ({ way, scoped, figure, worseBy }, index): Candidate => ({
      placement: way,
      cell: scoped.cell,
      cellId: scoped.cellId,
      figure: toMetric(
        { estimate: figure, show: Math.exp },
        objective === "latency" ? "ns" : "samples/s",
      ),
      worseBy: toMetric(
        measureOf(worseBy, Math.exp, index === 0 ? "the best" : "no common launches"),
        "ratio",
      ),
      p: index === 0 ? null : (adjusted[index - 1] ?? null),
    }),
  );
  return { ...decide(contestants, adjusted, margin), leaning: lean(contestants), candidates };
}

function findContestants(
  cells: readonly ScopedCell[],
  objective: Objective,
): readonly Contestant[] {
  const sign = objective === "latency" ? 1 : -1;
  const best = new Map<Way, Omit<Contestant, "worseBy">>();
  for (const scoped of cells) {
    const way = wayOf(scoped);
    const figure = figureOf(scoped, objective);
    if (way === null || figure === null) continue;
    const known = best.get(way);
    if (known === undefined || sign * (figure.mean - known.figure.mean) < 0) {
      best.set(way, { way, scoped, figure });
    }
  }
  const ranked = [...best.values()].sort((a, b) => sign * (a.figure.mean - b.figure.mean));
  const [first] = ranked;
  return ranked.map((entry): Contestant => {
    if (first === undefined || entry === first) return { ...entry, worseBy: null };
    const ratio =
      objective === "latency"
        ? ratioOf(entry.scoped, first.scoped, objective)
        : ratioOf(first.scoped, entry.scoped, objective);
    return { ...entry, worseBy: ratio };
  });
}

/** The values alone; equal ones, as rounding gives them, are no difference. */
function lean(contestants: readonly Contestant[]): Decision | null {
  const [first, second] = contestants;
  if (first === undefined || second === undefined) return null;
  return second.figure.mean === first.figure.mean ? "no-difference" : first.way;
}

function decide(
  contestants: readonly Contestant[],
  adjusted: readonly (number | null)[],
  margin: number,
): Pick<SettingVerdict, "decision" | "reason"> {
  const [first, ...others] = contestants;
  if (first === undefined) return unsure("nothing was measured");
  if (others.length === 0) return unsure(`only ${first.way} was measured`);
  const findings = others.map((other, index) => judge(other, adjusted[index] ?? null, margin));
  const open = findings.find(({ state }) => state === "open");
  if (open !== undefined) return unsure(`${first.way} is best so far, but ${open.text}`);
  const same = findings.filter(({ state }) => state === "same");
  const texts = findings.map(({ text }) => text).join("; ");
  if (same.length > 0) return { decision: "no-difference", reason: `${first.way}: ${texts}` };
  return { decision: first.way, reason: texts };
}

function unsure(reason: string): Pick<SettingVerdict, "decision" | "reason"> {
  return { decision: "not-enough-data", reason };
}

interface Judged {
  readonly state: "worse" | "same" | "open";
  readonly text: string;
}

/**
 * Worse: the 95 % interval lies beyond the margin and Holm's p below the level. Same: the 90 % interval
 * lies within the margin, which is two one-sided tests at 5 % (Schuirmann, 1987).
 */
function judge({ way, worseBy }: Contestant, p: number | null, margin: number): Judged {
  if (worseBy === null) return { state: "open", text: `${way} shares no launch with it` };
  const wide = bounds(worseBy);
  const narrow = bounds(worseBy, 0.9);
  if (wide === null || narrow === null) {
    return { state: "open", text: `one launch of ${way} allows no interval` };
  }
  const shown = `${way} is worse by ${percent(worseBy.mean)} (${percent(wide.low)} to ${percent(wide.high)}, n = ${worseBy.n})`;
  const theta = Math.log1p(margin);
  if (wide.low > theta && (p ?? 1) < level) return { state: "worse", text: shown };
  if (narrow.low > -theta && narrow.high < theta) {
    return { state: "same", text: `${way} differs by less than ${percent(theta)}` };
  }
  return {
    state: "open",
    text: `${shown}: about ${countOf(launchesNeeded(worseBy, margin), "launch")} would tell`,
  };
}

/** Small differences as percent, large ones as factors. */
function percent(log: number): string {
  if (log > 0.5) return `${Math.exp(log).toPrecision(3)} times`;
  return `${Number((100 * Math.expm1(log)).toPrecision(2))} %`;
}
