import { numberAxis } from "../../shared/domain/cell.ts";
import { countOf } from "../../shared/domain/text-layout.ts";
import { extent } from "../../shared/stats/extent.ts";
import { type ReportRow, showAxisValue } from "../analysis/report.ts";
import { significant, type TimeUnit } from "../report/numbers.ts";
import { groupRows, hostAxis, selectHosts, selectPanels, titleOf } from "./axis-roles.ts";
import { axisLabel, nameValue } from "./cell-names.ts";
import { describeConditions, usableRows } from "./conditions.ts";
import { toCurveRows } from "./curve-rows.ts";
import type { FigureKind } from "./figure-kind.ts";
import type { BarsChart, DataTable } from "./figure-spec.ts";
import { limits, selectEvenly } from "./limits.ts";
import { distinct, scaleFigure, timeUnitOf } from "./time-scale.ts";
import { amountAxis } from "./value-axes.ts";

/** Clustered bars as in the published benchmark: shapes across, one bar for each number of cores. */
export const bars: FigureKind = {
  name: "bars",
  answers: "Latency in the style of the published charts: how does it look beside them?",

  specify(report) {
    const hosts = selectHosts(report);
    const all = usableRows(report).filter(
      ({ cell, hostId }) =>
        hosts.members.includes(hostId) && numberAxis(cell, "cores") !== undefined,
    );
    const rows = toCurveRows(all);
    const cores = distinct(rows.map(({ cell }) => numberAxis(cell, "cores") ?? 1));
    if (cores.length === 0) return { absent: "no cell was measured" };
    const shown = selectEvenly(cores, limits.series, "numbers of cores");
    const across = chooseCluster(report.varying);
    const panelAxes = [
      ...(report.hosts.length > 1 ? [hostAxis] : []),
      ...report.varying.filter(
        (name) => name !== across && name !== "cores" && name !== "instances",
      ),
    ];
    const panels = selectPanels(rows, panelAxes);
    const used = panels.members.flatMap((panel) => panel.rows);
    const unit = timeUnitOf(used.map(({ medianNs }) => medianNs.value));
    const values = used.map(({ medianNs }) => medianNs.value / unit.ns);
    const range = extent(values).map((some) => significant(some, 3));
    return {
      title: "Latency as clustered bars",
      says: `${countOf(used.length, "cell")} from ${range.join(" to ")} ${unit.name}.`,
      notes: [
        ...describeConditions(report, used, "bars"),
        "Bars start at 0, and panels have axes of their own.",
        ...hosts.notes,
        ...panels.notes,
        ...shown.notes,
      ],
      chart: {
        kind: "bars",
        y: amountAxis(`median latency (${unit.name})`, { shared: false }),
        series: shown.members.map((count) => countOf(count, "core")),
        panels: panels.members.map((panel) => ({
          title: panel.title,
          clusters: toClusters(panel.rows, across, { cores: shown.members, unitNs: unit.ns }),
        })),
      },
      table: tabulate(panels.members, across, { panelAxes, unit }),
    };
  },
};

function toClusters(
  rows: readonly ReportRow[],
  across: string | null,
  { cores, unitNs }: { cores: readonly number[]; unitNs: number },
): BarsChart["panels"][number]["clusters"] {
  const groups = [...groupRows(rows, across === null ? [] : [across]).values()];
  return selectEvenly(groups, limits.clusters, "clusters").members.map((some) => ({
    label: across === null ? "all cells" : nameValue(across, some[0]?.cell[across]),
    bars: some.flatMap((row) => {
      const series = cores.indexOf(numberAxis(row.cell, "cores") ?? 0);
      return series < 0 ? [] : [{ series, ...scaleFigure(row.medianNs, unitNs) }];
    }),
  }));
}

function tabulate(
  panels: readonly { readonly title: string; readonly rows: readonly ReportRow[] }[],
  across: string | null,
  { panelAxes, unit }: { panelAxes: readonly string[]; unit: TimeUnit },
): DataTable {
  const name = across === null ? "cells" : axisLabel(across);
  return {
    columns: ["panel", name, "cores", `median (${unit.name})`, "low", "high"],
    rows: panels.flatMap((panel) =>
      panel.rows.map((row) => {
        const { value, low, high } = scaleFigure(row.medianNs, unit.ns);
        const at = across === null ? titleOf(row, panelAxes) : showAxisValue(row.cell[across]);
        return [panel.title, at, numberAxis(row.cell, "cores") ?? null, value, low, high];
      }),
    ),
  };
}

function chooseCluster(varying: readonly string[]): string | null {
  return ["sequence_length", "batch_size"].find((name) => varying.includes(name)) ?? null;
}
