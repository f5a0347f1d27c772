import { significant } from "../../report/numbers.ts";
import { describeSearch, type TuneFigure } from "./tune-figure.ts";

/** What it costs to leave one knob at its default and tune the others. */
export const defaultCosts: TuneFigure = {
  name: "defaults",
  answers: "What does it cost to leave a knob at its default?",

  specify(report) {
    const { importance } = report;
    if ("absent" in importance) return { absent: `importance: ${importance.absent}` };
    const costs = [...importance.defaults].sort((a, b) => b.cost - a.cost);
    const [worst] = costs;
    if (worst === undefined) return { absent: "no knob has its default in the space" };
    return {
      title: "Cost of a knob at its default, the others tuned",
      says: `${worst.knob} at its default costs ${significant(100 * worst.cost, 2)} %, 95 % of the model's draws from ${significant(100 * worst.low, 2)} to ${significant(100 * worst.high, 2)} %.`,
      notes: [...describeSearch(report), "The bars hold 95 % of draws from the model's posterior."],
      chart: {
        kind: "intervals",
        x: { label: "slower than the best (%)", scale: "linear", ticks: null, fromZero: true },
        series: ["cost"],
        guides: [],
        panels: [
          {
            title: "",
            rows: costs.map(({ knob, cost, low, high }) => ({
              label: knob,
              marks: [{ series: 0, value: 100 * cost, low: 100 * low, high: 100 * high }],
            })),
          },
        ],
      },
      table: {
        columns: ["knob", "cost (%)", "from (%)", "to (%)"],
        rows: costs.map(({ knob, cost, low, high }) => [knob, 100 * cost, 100 * low, 100 * high]),
      },
    };
  },
};
