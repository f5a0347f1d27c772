import { describeSearch, type TuneFigure } from "./tune-figure.ts";

/** Levels of one panel; of more, those that are spread evenly are drawn. */
const maxLevels = 12;

/** The best that the model expects at each value of a knob, the others free. */
export const slices: TuneFigure = {
  name: "slices",
  answers: "How good can each value of a knob be, with the others at their best?",

  specify(report) {
    const { importance } = report;
    if ("absent" in importance) return { absent: `importance: ${importance.absent}` };
    const panels = importance.slices.map(({ knob, levels }) => ({
      title: knob,
      clusters: thin(levels).map(({ value, cost }) => ({
        label: String(value),
        bars: [{ series: 0, value: 100 * cost, low: null, high: null }],
      })),
    }));
    return {
      title: "The best at each value of a knob",
      says: `Over the best of all, by the model, for ${panels.map(({ title }) => title).join(", ")}.`,
      notes: [
        ...describeSearch(report),
        `At most ${maxLevels} values of a knob are drawn; the table has all.`,
      ],
      chart: {
        kind: "bars",
        y: {
          label: "slower than the best (%)",
          scale: "linear",
          ticks: null,
          fromZero: true,
          shared: false,
        },
        series: ["expected"],
        panels,
      },
      table: {
        columns: ["knob", "value", "slower than the best (%)"],
        rows: importance.slices.flatMap(({ knob, levels }) =>
          levels.map(({ value, cost }) => [knob, String(value), 100 * cost]),
        ),
      },
    };
  },
};

function thin<Level>(levels: readonly Level[]): readonly Level[] {
  if (levels.length <= maxLevels) return levels;
  const step = (levels.length - 1) / (maxLevels - 1);
  return Array.from({ length: maxLevels }, (_, k) => levels[Math.round(k * step)]).filter(
    (level) => level !== undefined,
  );
}
