import { countOf } from "../../../shared/domain/text-layout.ts";
import {
  describeSearch,
  measuredTrials,
  nameTrial,
  objectiveLabel,
  type TuneFigure,
} from "./tune-figure.ts";

/** Two objectives against each other, with the trials that no other beats in both. */
export const tradeOff: TuneFigure = {
  name: "trade-off",
  answers: "What does the one objective cost of the other?",

  specify(report) {
    if (report.settings.objectives.length < 2) return { absent: "one objective has no trade-off" };
    const measured = measuredTrials(report);
    if (measured.length === 0) return { absent: "no trial was measured" };
    const onFront = (trial: number): boolean => report.pareto.includes(trial);
    const points = measured.map(({ row, values: [x = 0, y = 0] }) => ({
      x,
      y,
      series: onFront(row.trial) ? 0 : 1,
      name: nameTrial(row, report.knobs),
      label: onFront(row.trial) ? String(row.trial) : "",
    }));
    const path = points.filter(({ series }) => series === 0).sort((a, b) => a.x - b.x);
    return {
      title: "Trade-off of the two objectives",
      says: `${path.length} of ${countOf(points.length, "trial")} are beaten by no other in both.`,
      notes: [...describeSearch(report), "Numbers are those of the trials on the front."],
      chart: {
        kind: "scatter",
        x: { label: objectiveLabel(report, 0), scale: "log", ticks: null, fromZero: false },
        y: { label: objectiveLabel(report, 1), scale: "log", ticks: null, fromZero: false },
        series: ["on the front", "beaten"],
        panels: [{ title: "", points, path, guides: [] }],
      },
      table: {
        columns: ["trial", objectiveLabel(report, 0), objectiveLabel(report, 1), "on the front"],
        rows: measured.map(({ row, values }) => [
          row.trial,
          values[0] ?? null,
          values[1] ?? null,
          onFront(row.trial) ? "yes" : "no",
        ]),
      },
    };
  },
};
