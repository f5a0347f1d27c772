import { describeSearch, type TuneFigure } from "./tune-figure.ts";

/** How much of the variance over the whole space each knob explains, alone and with others. */
export const knobVariance: TuneFigure = {
  name: "variance",
  answers: "Which knobs move the objective over the whole space?",

  specify(report) {
    const { importance } = report;
    if ("absent" in importance) return { absent: `importance: ${importance.absent}` };
    const { variance } = importance;
    const first = [...variance].sort((a, b) => b.total - a.total)[0];
    const bar = (series: number, share: number) => ({
      series,
      value: 100 * share,
      low: null,
      high: null,
    });
    return {
      title: "Share of the variance by knob",
      says: `${first?.knob ?? "No knob"} explains most: ${Math.round(100 * (first?.total ?? 0))} % with what it does together with others.`,
      notes: [
        ...describeSearch(report),
        "Functional analysis of variance of the model's mean over every configuration, each with equal weight; bad core counts that nobody would use weigh as much as good ones.",
      ],
      chart: {
        kind: "bars",
        y: { label: "variance of the log value (%)", scale: "linear", ticks: null, fromZero: true },
        series: ["alone", "with others"],
        panels: [
          {
            title: "",
            clusters: variance.map(({ knob, main, total }) => ({
              label: knob,
              bars: [bar(0, main), bar(1, total)],
            })),
          },
        ],
      },
      table: {
        columns: ["knob", "alone (%)", "with others (%)"],
        rows: variance.map(({ knob, main, total }) => [knob, 100 * main, 100 * total]),
      },
    };
  },
};
