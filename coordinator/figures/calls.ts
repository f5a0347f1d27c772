import { probabilities } from "../analysis/traces.ts";
import { significant } from "../report/numbers.ts";
import { describeConditions } from "./conditions.ts";
import type { FigureKind } from "./figure-kind.ts";
import type { Box, DataTable } from "./figure-spec.ts";
import { timeUnitOf } from "./time-scale.ts";
import { describeTraceSelection, describeWarmup, tracedCells } from "./traced-cells.ts";

/** Distributions of single calls, cell by cell, after the warm-up. */
export const calls: FigureKind = {
  name: "calls",
  answers: "How do single calls spread: tails, spikes, two modes?",

  specify(report) {
    const cells = tracedCells(report);
    if (cells.length === 0) return { absent: "the report carries no calls" };
    const boxes = cells.map(({ label, trace }) => ({
      label,
      calls: trace.calls,
      median: showTime(trace.quantilesNs[probabilities.indexOf(0.5)] ?? 0),
      box: toBox(trace.quantilesNs),
    }));
    const [first] = boxes;
    const tail = ({ box }: { box: Box }): number => box.p95 / box.p50;
    const longest = first === undefined ? 1 : Math.max(...boxes.map(tail));
    const worst = boxes.find((some) => tail(some) === longest);
    return {
      title: "Distribution of calls",
      says: `The longest tail is that of ${worst?.label}: one call in twenty takes ${significant(longest, 3)} times the median or more.`,
      notes: [
        ...describeConditions(
          report,
          cells.map(({ row }) => row),
          "boxes",
        ),
        "Box: middle half of the calls of all launches, with the median; thin line: 5th to 95th percentile; ends: shortest and longest call. Drawn from quantiles, not from every call.",
        describeWarmup(cells),
        ...describeTraceSelection(report),
      ],
      chart: {
        kind: "boxes",
        x: {
          label: "time of one call over the median of its cell (×)",
          scale: "log",
          ticks: null,
          fromZero: false,
        },
        rows: boxes.map(({ label, box, median }) => ({ label, box, value: median })),
      },
      table: tabulate(boxes),
    };
  },
};

interface CellBox {
  readonly label: string;
  readonly calls: number;
  readonly median: string;
  readonly box: Box;
}

function tabulate(boxes: readonly CellBox[]): DataTable {
  return {
    columns: [
      "cell",
      "calls",
      "shortest",
      "p5",
      "p25",
      "median",
      "p75",
      "p95",
      "longest",
      "median time",
    ],
    rows: boxes.map(({ label, calls: count, box, median }) => [
      label,
      count,
      box.min,
      box.p5,
      box.p25,
      box.p50,
      box.p75,
      box.p95,
      box.max,
      median,
    ]),
  };
}

function showTime(timeNs: number): string {
  const unit = timeUnitOf([timeNs]);
  return `${significant(timeNs / unit.ns, 3)} ${unit.name}`;
}

/** Quantiles over the median. */
function toBox(quantilesNs: readonly number[]): Box {
  const middle = quantilesNs[probabilities.indexOf(0.5)] ?? 1;
  const at = (p: (typeof probabilities)[number]): number =>
    (quantilesNs[probabilities.indexOf(p)] ?? 0) / middle;
  return {
    min: at(0),
    p5: at(0.05),
    p25: at(0.25),
    p50: at(0.5),
    p75: at(0.75),
    p95: at(0.95),
    max: at(1),
  };
}
