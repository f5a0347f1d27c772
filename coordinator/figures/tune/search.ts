import type { TuneReport } from "../../logic/tune/tune-report.ts";
import { significant } from "../../report/numbers.ts";
import type { DataTable, ScatterPoint } from "../figure-spec.ts";
import {
  describeSearch,
  measuredTrials,
  nameTrial,
  objectiveLabel,
  type TuneFigure,
} from "./tune-figure.ts";

/** Each trial's value in the order of the trials, and the best seen up to then. */
export const search: TuneFigure = {
  name: "search",
  answers: "How soon did the search find what it recommends?",

  specify(report) {
    const measured = measuredTrials(report);
    const [first] = measured;
    if (first === undefined) return { absent: "no trial was measured" };
    const points = measured.map(
      ({ row, values }): ScatterPoint => ({
        x: row.trial,
        y: values[0] ?? 0,
        series: 0,
        name: nameTrial(row, report.knobs),
        label: "",
      }),
    );
    const path = measured.flatMap(({ row }) =>
      row.best === null ? [] : [{ x: row.trial, y: row.best }],
    );
    const [untuned] = report.untuned.values;
    const best = path.at(-1)?.y;
    const found = path.find(({ y }) => y === best)?.x;
    return {
      title: "Trials and the best seen",
      says:
        best === undefined || found === undefined
          ? "No trial keeps the limit."
          : `Trial ${found} of ${report.trials.length} found the best value seen, ${significant(best, 4)}; the first was ${significant(first.values[0] ?? 0, 4)}.`,
      notes: [
        ...describeSearch(report),
        "The line is the best seen up to a trial; the best of many looks better than it is.",
      ],
      chart: {
        kind: "scatter",
        x: { label: "trial", scale: "linear", ticks: null, fromZero: true },
        y: { label: objectiveLabel(report, 0), scale: "log", ticks: null, fromZero: false },
        series: ["trial"],
        panels: [
          {
            title: "",
            points,
            path,
            guides: untuned == null ? [] : [{ axis: "y", at: untuned, label: "untuned" }],
          },
        ],
      },
      table: tabulate(report),
    };
  },
};

function tabulate(report: TuneReport): DataTable {
  return {
    columns: ["trial", ...report.knobs, objectiveLabel(report, 0), "best"],
    rows: report.trials.map(({ trial, cell, values, best }) => [
      trial,
      ...report.knobs.map((knob) => showKnob(cell[knob])),
      values[0] ?? null,
      best,
    ]),
  };
}

function showKnob(value: string | number | boolean | undefined): string | number | null {
  return typeof value === "boolean" ? String(value) : (value ?? null);
}
