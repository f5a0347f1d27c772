import type { AxisValue } from "../../../shared/domain/cell.ts";
import type { TuneReport } from "../../logic/tune/tune-report.ts";
import type { DataTable, LinePoint, LinesChart } from "../figure-spec.ts";
import {
  describeSearch,
  type MeasuredTrial,
  measuredTrials,
  objectiveLabel,
  type TuneFigure,
} from "./tune-figure.ts";

/** The best share of the trials, drawn as a series of its own. */
const bestShare = 0.2;
const maxTrials = 60;

/** Every trial as a line over its knobs to its value: where the good ones run together is what matters. */
export const parallel: TuneFigure = {
  name: "parallel",
  answers: "What do the best trials have in common?",

  specify(report) {
    const { knobs, settings } = report;
    const sign = settings.objectives[0] === "throughput" ? -1 : 1;
    const ranked = [...measuredTrials(report)]
      .sort((a, b) => sign * ((a.values[0] ?? 0) - (b.values[0] ?? 0)))
      .slice(0, maxTrials);
    if (ranked.length < 2 || knobs.length < 2) return { absent: "fewer than two trials or knobs" };
    const best = Math.max(1, Math.ceil(bestShare * ranked.length));
    const levels = new Map(knobs.map((knob) => [knob, levelsOf(ranked, knob)]));
    const shared = knobs.filter(
      (knob) => new Set(ranked.slice(0, best).map(({ row }) => row.cell[knob])).size === 1,
    );
    return {
      title: "Trials over their knobs",
      says:
        shared.length === 0
          ? `The best ${best} trials agree in no knob.`
          : `The best ${best} trials agree in ${shared.map((knob) => `${knob}=${ranked[0]?.row.cell[knob] ?? "–"}`).join(", ")}.`,
      notes: [
        ...describeSearch(report),
        `Each line is a trial; on every axis the values stand in order from 0 to 1, and on the last the trials by their rank, the best at 0. ${describeLevels(levels)}`,
      ],
      chart: toChart(ranked, { knobs, levels, best }),
      table: tabulate(report, ranked),
    };
  },
};

function toChart(
  ranked: readonly MeasuredTrial[],
  place: { readonly knobs: readonly string[]; readonly levels: Levels; readonly best: number },
): LinesChart {
  const { knobs, levels, best } = place;
  const lines = ranked.map((trial, rank) => {
    const points = toLine(trial, { knobs, levels, rank: rank / (ranked.length - 1) });
    return { series: rank < best ? 0 : 1, points };
  });
  const names = [...knobs, "rank"];
  const guides = names.map((label, at) => ({ axis: "x" as const, at, label }));
  return {
    kind: "lines",
    x: {
      label: names.map((name, at) => `${at} ${name}`).join(", "),
      scale: "linear",
      ticks: names.map((_, at) => at),
      fromZero: true,
    },
    y: {
      label: "place among the knob's values",
      scale: "linear",
      ticks: [0, 0.5, 1],
      fromZero: true,
    },
    series: [`best ${best}`, "others"],
    // The best are drawn last, over the others.
    panels: [{ title: "", lines: lines.reverse(), guides, ideal: null }],
  };
}

function tabulate(report: TuneReport, ranked: readonly MeasuredTrial[]): DataTable {
  return {
    columns: ["rank", "trial", ...report.knobs, objectiveLabel(report, 0)],
    rows: ranked.map(({ row, values }, rank) => [
      rank + 1,
      row.trial,
      ...report.knobs.map((knob) => String(row.cell[knob] ?? "–")),
      values[0] ?? null,
    ]),
  };
}

type Levels = ReadonlyMap<string, readonly AxisValue[]>;

function levelsOf(trials: readonly MeasuredTrial[], knob: string): readonly AxisValue[] {
  const values = new Set(trials.flatMap(({ row }) => row.cell[knob] ?? []));
  return [...values].sort((a, b) => (a < b ? -1 : 1));
}

function describeLevels(levels: Levels): string {
  const shown = [...levels].map(([knob, values]) => `${knob}: ${values.join(", ")}`);
  return `Values from 0 up: ${shown.join("; ")}.`;
}

/** A knob that does nothing in the trial has no point. */
function toLine(
  { row }: MeasuredTrial,
  place: { readonly knobs: readonly string[]; readonly levels: Levels; readonly rank: number },
): readonly LinePoint[] {
  const { knobs, levels, rank } = place;
  const points = knobs.flatMap((knob, x): LinePoint[] => {
    const values = levels.get(knob) ?? [];
    const value = row.cell[knob];
    if (value === undefined) return [];
    const share = values.length < 2 ? 0.5 : values.indexOf(value) / (values.length - 1);
    return [toPoint(x, share)];
  });
  return [...points, toPoint(knobs.length, rank)];
}

function toPoint(x: number, value: number): LinePoint {
  return { x, value, low: null, high: null, isVoid: false };
}
