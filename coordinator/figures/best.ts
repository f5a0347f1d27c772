import { findAxis } from "../../shared/domain/axis.ts";
import { median } from "../../shared/stats/quantile.ts";
import type { ReportRow } from "../analysis/report.ts";
import { significant } from "../report/numbers.ts";
import { hostAxis, splitRoles, titleOf } from "./axis-roles.ts";
import { describeConditions } from "./conditions.ts";
import type { FigureKind } from "./figure-kind.ts";
import type { HeatCell } from "./figure-spec.ts";
import { columnAxis, layOutShapes, rowAxis, type ShapeGrid } from "./shape-grid.ts";
import { timeUnitOf } from "./time-scale.ts";

interface Objective {
  readonly title: string;
  /** Lower is better. */
  readonly cost: (row: ReportRow) => number;
  readonly show: (row: ReportRow) => string;
}

const objectives: readonly Objective[] = [
  {
    title: "lowest latency",
    cost: ({ medianNs }) => medianNs.value,
    show: ({ medianNs }) => {
      const unit = timeUnitOf([medianNs.value]);
      return `${significant(medianNs.value / unit.ns, 3)} ${unit.name}`;
    },
  },
  {
    title: "highest throughput",
    cost: ({ samplesPerSecond }) => 1 / samplesPerSecond,
    show: ({ samplesPerSecond }) => `${significant(samplesPerSecond, 3)}/s`,
  },
];

/** The darkest colour: the usual configuration takes so many times as long as the best. */
const fullGain = 4;

/** The best configuration of each shape, and how much it matters to choose it. */
export const best: FigureKind = {
  name: "best",
  answers: "Which configuration wins for each shape, and how much is lost with the wrong one?",

  specify(report) {
    const roles = splitRoles(report);
    const isShape = (name: string) => name === columnAxis || name === rowAxis;
    const workload = report.varying.filter(
      (name) => findAxis(name)?.kind === "runner" || findAxis(name) === undefined,
    );
    const panelAxes = roles.panels.includes(hostAxis) ? [hostAxis, ...workload] : workload;
    const chosen = report.varying.filter((name) => !isShape(name) && !workload.includes(name));
    if (chosen.length === 0) return { absent: "nothing varies that could be chosen" };
    const grid = layOutShapes(report, panelAxes);
    if (grid === null) return { absent: "neither batch size nor sequence length varies" };
    const found = objectives.map((objective) => findBest(grid, objective, chosen));
    const panels = found.flatMap((some) => some.panels);
    if (panels.length === 0) return { absent: "no shape was measured with two configurations" };
    const rows = grid.panels.flatMap(({ places }) => places.flatMap((place) => place.rows));
    return {
      title: "Best configuration by shape",
      says: found.flatMap(({ says }) => says).join(" "),
      notes: [
        ...describeConditions(report, rows, "heat"),
        "The best is the one with the best value; others may be as good within their intervals, see the data table.",
        ...grid.notes,
      ],
      chart: {
        kind: "heat",
        columnsLabel: "batch size",
        rowsLabel: "sequence length",
        scaleLabel: `median over best configuration, from 1× (light) to ${fullGain}× or more (dark)`,
        panels,
      },
      table: {
        columns: ["panel", "batch size", "sequence length", "best", "value", "median over best"],
        rows: found.flatMap((some) => some.table),
      },
    };
  },
};

function findBest(grid: ShapeGrid, objective: Objective, chosen: readonly string[]) {
  const table: (string | number | null)[][] = [];
  const winners = new Map<string, number>();
  const panels = grid.panels.flatMap(({ title, places }) => {
    const name = title === "" ? objective.title : `${objective.title}: ${title}`;
    const cells = places.flatMap((place): HeatCell[] => {
      const usable = place.rows.filter((row) => Number.isFinite(objective.cost(row)));
      const [first] = usable;
      if (first === undefined || usable.length < 2) return [];
      const top = usable.reduce((a, b) => (objective.cost(b) < objective.cost(a) ? b : a), first);
      const gain = median(usable.map((row) => objective.cost(row))) / objective.cost(top);
      const config = titleOf(top, chosen);
      winners.set(config, (winners.get(config) ?? 0) + 1);
      const shape = [grid.columns[place.column] ?? null, grid.rows[place.row] ?? null];
      table.push([name, ...shape, config, objective.show(top), significant(gain, 3)]);
      const level = Math.min(Math.log(gain) / Math.log(fullGain), 1);
      const lines = [config, `${objective.show(top)} (${significant(gain, 2)}×)`];
      return [{ column: place.column, row: place.row, level, lines }];
    });
    return cells.length === 0
      ? []
      : [{ title: name, columns: grid.columns, rows: grid.rows, cells }];
  });
  const says = [...winners]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 1)
    .map(
      ([config, count]) =>
        `For the ${objective.title}, ${config} wins ${count} of ${table.length} shapes.`,
    );
  return { panels, table, says };
}
