import { findAxis } from "../../shared/domain/axis.ts";
import { placementKinds } from "../../shared/domain/placement-kinds.ts";
import type { Report, ReportRow } from "../analysis/report.ts";
import type { TimeUnit } from "../report/numbers.ts";
import { groupRows, selectHosts, selectPanels, splitRoles, titleOf } from "./axis-roles.ts";
import { describeConditions, usableRows } from "./conditions.ts";
import type { FigureKind, NoFigure } from "./figure-kind.ts";
import type { DataTable, FigureSpec, Value } from "./figure-spec.ts";
import { limits, selectEvenly } from "./limits.ts";
import { columnAxis, rowAxis } from "./shape-grid.ts";
import { scaleFigure, timeUnitOf } from "./time-scale.ts";
import { amountAxis } from "./value-axes.ts";

interface Measure {
  readonly name: string;
  readonly title: string;
  readonly answers: string;
  readonly isBetter: (a: ReportRow, b: ReportRow) => boolean;
  readonly read: (row: ReportRow, unitNs: number) => Value;
  readonly label: (unit: string) => string;
}

export const socketThroughput = makeSockets({
  name: "sockets",
  title: "Throughput by use of the sockets",
  answers: "One instance per socket or one across all: which gives more samples per second?",
  isBetter: (a, b) => a.samplesPerSecond > b.samplesPerSecond,
  read: ({ throughput: { value, low, high } }) => ({ value, low, high }),
  label: () => "throughput (samples/s)",
});

export const socketLatency = makeSockets({
  name: "sockets-latency",
  title: "Latency by use of the sockets",
  answers: "What does a call cost on one socket, across all, and beside other instances?",
  isBetter: (a, b) => a.medianNs.value < b.medianNs.value,
  read: (row, unitNs) => scaleFigure(row.medianNs, unitNs),
  label: (unit) => `median latency (${unit})`,
});

/** Bars for the best cell of each placement, one cluster a shape. */
function makeSockets(measure: Measure): FigureKind {
  return {
    name: measure.name,
    answers: measure.answers,
    specify(report) {
      const rows = usableRows(report).filter(({ cell }) => cell["placement"] !== undefined);
      const placements = [...new Set(rows.map(({ cell }) => String(cell["placement"])))].sort(
        (a, b) => placeOf(a) - placeOf(b),
      );
      if (placements.length < 2) return { absent: "one placement was measured" };
      return specifyBars(report, rows, { measure, placements });
    },
  };
}

/** In the order of the registry of placements: one package first, all of them later. */
function placeOf(placement: string): number {
  return placementKinds.findIndex((kind) => kind.matches(placement));
}

function specifyBars(
  report: Report,
  rows: readonly ReportRow[],
  { measure, placements }: { measure: Measure; placements: readonly string[] },
): FigureSpec | NoFigure {
  const hosts = selectHosts(report);
  const here = rows.filter(({ hostId }) => hosts.members.includes(hostId));
  const shapes = report.varying.filter(isShape);
  const panelAxes = splitRoles(report, "cores").panels.filter((name) => !isShape(name));
  const shown = placements.slice(0, limits.series);
  const panels = selectPanels(here, panelAxes);
  const unit = timeUnitOf(here.map(({ medianNs }) => medianNs.value));
  const found = panels.members.map((panel) => ({
    title: panel.title,
    clusters: findBest(panel.rows, { shapes, placements: shown, measure }),
  }));
  const clusters = found.flatMap((panel) => panel.clusters);
  if (clusters.every(({ bests }) => bests.length < 2)) {
    return { absent: "no shape was measured with two placements" };
  }
  return {
    title: measure.title,
    says: describeWinners(clusters, measure),
    notes: [
      ...describeConditions(
        report,
        panels.members.flatMap((panel) => panel.rows),
        "bars",
      ),
      "Of each placement its best cell is shown; its cores, instances and knobs stand in the table.",
      ...hosts.notes,
      ...panels.notes,
    ],
    chart: {
      kind: "bars",
      y: amountAxis(measure.label(unit.name)),
      series: shown,
      panels: found.map((panel) => ({
        title: panel.title,
        clusters: panel.clusters.map(({ label, bests }) => ({
          label,
          bars: bests.map(({ series, row }) => ({ series, ...measure.read(row, unit.ns) })),
        })),
      })),
    },
    table: tabulate(found, report, { measure, unit }),
  };
}

interface Cluster {
  readonly label: string;
  readonly bests: readonly {
    readonly placement: string;
    readonly series: number;
    readonly row: ReportRow;
  }[];
}

function isShape(name: string): boolean {
  return name === columnAxis || name === rowAxis;
}

/** The best cell of each placement, shape by shape. */
function findBest(
  rows: readonly ReportRow[],
  {
    shapes,
    placements,
    measure,
  }: { shapes: readonly string[]; placements: readonly string[]; measure: Measure },
): Cluster[] {
  const groups = [...groupRows(rows, shapes).values()];
  return selectEvenly(groups, limits.clusters, "shapes").members.flatMap((some) => {
    const bests = placements.flatMap((placement, series) => {
      const own = some.filter(({ cell }) => cell["placement"] === placement);
      const row = chooseBest(own, measure);
      return row === null ? [] : [{ placement, series, row }];
    });
    const [first] = bests;
    return first === undefined
      ? []
      : [{ label: titleOf(first.row, shapes) || "all shapes", bests }];
  });
}

function tabulate(
  panels: readonly { readonly title: string; readonly clusters: readonly Cluster[] }[],
  report: Report,
  { measure, unit }: { measure: Measure; unit: TimeUnit },
): DataTable {
  const isKnob = (name: string): boolean =>
    !isShape(name) && name !== "placement" && findAxis(name)?.kind !== "runner";
  const names = report.varying.filter(isKnob);
  return {
    columns: ["panel", "shape", "placement", measure.label(unit.name), "low", "high", "cell"],
    rows: panels.flatMap(({ title, clusters }) =>
      clusters.flatMap(({ label, bests }) =>
        bests.map(({ placement, row }) => {
          const { value, low, high } = measure.read(row, unit.ns);
          return [title, label, placement, value, low, high, titleOf(row, names)];
        }),
      ),
    ),
  };
}

function chooseBest(rows: readonly ReportRow[], measure: Measure): ReportRow | null {
  return rows.reduce<ReportRow | null>(
    (best, row) => (best === null || measure.isBetter(row, best) ? row : best),
    null,
  );
}

function describeWinners(clusters: readonly Cluster[], measure: Measure): string {
  const winners = new Map<string, number>();
  const compared = clusters.filter(({ bests }) => bests.length > 1);
  for (const { bests } of compared) {
    const top = bests.reduce((a, b) => (measure.isBetter(b.row, a.row) ? b : a));
    winners.set(top.placement, (winners.get(top.placement) ?? 0) + 1);
  }
  const parts = [...winners]
    .sort((a, b) => b[1] - a[1])
    .map(([placement, count]) => `${placement} is best in ${count} of ${compared.length} shapes`);
  return `${parts.join("; ")}.`;
}
