import type { HeatChart } from "../../figures/figure-spec.ts";
import { elideTo } from "../text-size.ts";
import { nameColumn, plain } from "./text-lines.ts";

const shades = ["·", "░", "▒", "▓", "█"] as const;
const cellWidth = { least: 6, most: 26 } as const;

/** A table: in each cell its lines under each other, and a shade for its place on the scale. */
export function heatText(chart: HeatChart, width: number): string[] {
  return [
    plain(`Shade: ${chart.scaleLabel}; columns: ${chart.columnsLabel}, rows: ${chart.rowsLabel}.`),
    ...chart.panels.flatMap((panel) => {
      const names = nameColumn(panel.rows, 12);
      const left = Array.from(names[0] ?? "").length + 1;
      const share = Math.floor((width - left) / panel.columns.length) - 1;
      const room = Math.min(cellWidth.most, Math.max(cellWidth.least, share));
      const lines = panel.rows.flatMap((_, row) => {
        const cells = panel.columns.map((__, column) =>
          panel.cells.find((cell) => cell.row === row && cell.column === column),
        );
        const tall = Math.max(1, ...cells.map((cell) => cell?.lines.length ?? 0));
        return Array.from({ length: tall }, (__, line) => {
          const start = line === 0 ? (names[row] ?? "") : " ".repeat(left - 1);
          const texts = cells.map((cell) => {
            const shade = line === 0 ? `${shadeOf(cell?.level ?? null)} ` : "  ";
            return elideTo(shade + plain(cell?.lines[line] ?? ""), room).padEnd(room);
          });
          return `${start} ${texts.join(" ")}`.trimEnd();
        });
      });
      const header = panel.columns.map((name) => elideTo(`  ${plain(name)}`, room).padEnd(room));
      return ["", plain(panel.title), " ".repeat(left) + header.join(" "), ...lines];
    }),
  ];
}

function shadeOf(level: number | null): string {
  if (level === null) return " ";
  const step = Math.round(Math.min(Math.max(level, 0), 1) * (shades.length - 1));
  return shades[step] ?? " ";
}
