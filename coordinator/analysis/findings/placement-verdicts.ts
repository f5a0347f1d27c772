import type { AxisValue, Cell } from "../../../shared/domain/cell.ts";
import { groupBy } from "../../../shared/domain/group-by.ts";
import { countOf } from "../../../shared/domain/text-layout.ts";
import type { Decision, PlacementVerdict, Scope, SettingVerdict } from "../findings.ts";
import type { Objective } from "../metric.ts";
import { decidePlacement } from "./decide-placement.ts";
import { scopeCells } from "./scoped-cells.ts";
import type { PlacedCell } from "./select-cells.ts";

const objectives: readonly Objective[] = ["latency", "throughput"];

/** Verdicts on every workload of a scope, each under every setting that was measured. */
export function placementVerdicts(
  cells: readonly PlacedCell[],
  about: Omit<Question, "objective">,
): readonly PlacementVerdict[] {
  const byWorkload = groupBy(cells, ({ workload }) => workload);
  return [...byWorkload.values()].flatMap((members) =>
    objectives.map((objective) => judgeWorkload(members, { ...about, objective })),
  );
}

interface Question {
  readonly scope: Scope;
  readonly objective: Objective;
  /** Of the hosts. */
  readonly packages: number;
  /** Differences within it are none: 0.01 is 1 %. */
  readonly margin: number;
}

function judgeWorkload(
  members: readonly PlacedCell[],
  { scope, objective, packages, margin }: Question,
): PlacementVerdict {
  const bySetting = [...groupBy(members, ({ setting }) => setting).values()].map(
    (same): SettingVerdict => {
      const setting = same[0]?.setting ?? {};
      if (packages > 1) {
        return { setting, ...decidePlacement(scopeCells(same, scope), { objective, margin }) };
      }
      return { setting, decision: null, reason: "single package", leaning: null, candidates: [] };
    },
  );
  return {
    scope,
    workload: members[0]?.workload ?? {},
    objective,
    ...summarize(bySetting),
    holdsFor: commonAxes(bySetting.map(({ setting }) => setting)),
    bySetting,
  };
}

function summarize(
  verdicts: readonly SettingVerdict[],
): Pick<PlacementVerdict, "decision" | "reason" | "conditionalOn"> {
  const [first] = verdicts;
  if (first === undefined || verdicts.every(({ decision }) => decision === null)) {
    return { decision: null, reason: first?.reason ?? "nothing was measured", conditionalOn: [] };
  }
  if (verdicts.length === 1) {
    return { decision: first.decision, reason: first.reason, conditionalOn: [] };
  }
  const winners = new Set(verdicts.map(({ decision }) => decision).filter(isWinner));
  if (winners.size > 1) {
    const conditionalOn = decidingAxes(verdicts, ({ decision }) => decision);
    return { decision: null, reason: `depends on ${conditionalOn.join(", ")}`, conditionalOn };
  }
  return { ...agree(verdicts, [...winners][0]), conditionalOn: [] };
}

function agree(
  verdicts: readonly SettingVerdict[],
  winner: Decision | undefined,
): Pick<PlacementVerdict, "decision" | "reason"> {
  const count = (decision: Decision): number =>
    verdicts.filter((verdict) => verdict.decision === decision).length;
  const unsure = count("not-enough-data");
  const decision = winner ?? (unsure > 0 ? "not-enough-data" : "no-difference");
  const parts = [
    `${count(decision)} of ${countOf(verdicts.length, "setting")}`,
    ...(decision !== "no-difference" && count("no-difference") > 0
      ? [`no difference in ${count("no-difference")}`]
      : []),
    ...(decision !== "not-enough-data" && unsure > 0 ? [`not enough data in ${unsure}`] : []),
  ];
  return { decision, reason: parts.join(", ") };
}

function isWinner(decision: Decision | null): decision is Decision {
  return decision !== null && decision !== "no-difference" && decision !== "not-enough-data";
}

/**
 * The axes in which settings with opposite decisions differ, from the pairs that differ in fewest: what
 * else differs in other pairs need not matter.
 */
export function decidingAxes(
  verdicts: readonly SettingVerdict[],
  decisionOf: (verdict: SettingVerdict) => Decision | null,
): readonly string[] {
  const won = verdicts
    .map((verdict) => ({ setting: verdict.setting, decision: decisionOf(verdict) }))
    .filter(({ decision }) => isWinner(decision));
  let fewest = Number.POSITIVE_INFINITY;
  let found = new Set<string>();
  for (const [index, a] of won.entries()) {
    for (const b of won.slice(index + 1)) {
      if (a.decision === b.decision) continue;
      const axes = differingAxes(a.setting, b.setting);
      if (axes.length < fewest) [fewest, found] = [axes.length, new Set()];
      if (axes.length === fewest) for (const axis of axes) found.add(axis);
    }
  }
  return [...found].sort();
}

function differingAxes(a: Cell, b: Cell): readonly string[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].filter((name) => a[name] !== b[name]);
}

/** Axes with the same value in all of them. */
function commonAxes(settings: readonly Cell[]): Cell {
  const [first = {}] = settings;
  const common = Object.entries(first).filter(([name, value]) =>
    settings.every((setting) => setting[name] === value),
  );
  return Object.fromEntries<AxisValue>(common);
}
