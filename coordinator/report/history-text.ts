import type { History, HistoryPoint } from "../analysis/history.ts";
import { absent, chooseTimeUnit, significant } from "./numbers.ts";
import { describeCell } from "./report-notes.ts";
import { toSnakeCase } from "./snake-case.ts";
import { layOutTable, type TextColumn } from "./text-table.ts";

/** Renders histories; `width` is that of the terminal in characters. */
export type RenderHistories = (histories: readonly History[], width: number) => string;

/** Every form of histories by the name that `-o` takes. */
export const historyFormats: Readonly<Record<"table" | "json", RenderHistories>> = {
  table: (histories, width) => histories.map((history) => renderTable(history, width)).join("\n"),
  json: (histories) => `${JSON.stringify(histories.map(toSnakeCase), null, 2)}\n`,
};

function renderTable({ hostId, cell, points, changes }: History, width: number): string {
  const unit = chooseTimeUnit(points.map(({ latencyNs }) => latencyNs.value ?? 1));
  const show = (ns: number | null): string => (ns === null ? absent : significant(ns / unit.ns, 4));
  const column = (
    header: readonly string[],
    align: "left" | "right",
    read: (point: HistoryPoint) => string,
  ): TextColumn => ({ header, align, key: align === "left", cells: points.map(read) });
  const changeOf = new Map(changes.map((change) => [change.sweepId, change]));
  const columns = [
    column(["submitted"], "left", ({ submittedAtMs }) => when(submittedAtMs)),
    column(["sweep"], "left", ({ sweepId }) => sweepId),
    column(["median", unit.name], "right", ({ latencyNs }) => show(latencyNs.value)),
    column(["from"], "right", ({ latencyNs: l }) => show(l.value === null ? null : l.low)),
    column(["to"], "right", ({ latencyNs: l }) => show(l.value === null ? null : l.high)),
    column(["change"], "left", ({ sweepId }) => {
      const change = changeOf.get(sweepId);
      if (change === undefined || change.ratio.value === null) return "";
      const versions = change.newVersions.length === 0 ? "" : `, ${change.newVersions.join(", ")}`;
      return `${significant(change.ratio.value, 3)} times${versions}`;
    }),
  ];
  const title = `${hostId}: ${describeCell(cell, Object.keys(cell))}`;
  return `${[title, ...layOutTable(columns, width)].join("\n")}\n`;
}

function when(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace("T", " ");
}
