import { cellStates, type MatrixChart } from "../../figures/figure-spec.ts";
import { matrixText as cellText } from "../draw-matrix.ts";
import { stateTiles } from "../paint.ts";
import { elideTo } from "../text-size.ts";
import { nameColumn, plain, wrap } from "./text-lines.ts";

/** The matrix with a mark a square; its columns are numbered where their names are too long. */
export function matrixText(chart: MatrixChart, width: number): string[] {
  const names = nameColumn(chart.rows, Math.floor(width / 2.2));
  const left = Array.from(names[0] ?? "").length + 1;
  const texts = new Map(chart.cells.map((cell) => [`${cell.row} ${cell.column}`, cellText(cell)]));
  const longest = Math.max(1, ...[...texts.values()].map((text) => text.length));
  const room = Math.max(
    longest,
    Math.min(14, Math.floor((width - left) / chart.columns.length) - 1),
  );
  const perBlock = Math.max(1, Math.floor((width - left) / (room + 1)));
  const legend = cellStates.map((state) => `${stateTiles[state].glyph} ${state}`).join("  ");
  const lines = [legend];
  for (let start = 0; start < chart.columns.length; start += perBlock) {
    const columns = chart.columns.slice(start, start + perBlock);
    const numbered = columns.some((name) => Array.from(name).length > room);
    const heads = columns.map((name, index) =>
      (numbered ? `${start + index + 1}` : elideTo(plain(name), room)).padEnd(room),
    );
    const key = columns.map((name, index) => `${start + index + 1}: ${name}`).join("; ");
    lines.push("", ...(numbered ? wrap(key, width) : []), `${" ".repeat(left)}${heads.join(" ")}`);
    chart.rows.forEach((_, row) => {
      const cells = columns.map((__, index) =>
        (texts.get(`${row} ${start + index}`) ?? "").padEnd(room),
      );
      lines.push(`${names[row]} ${cells.join(" ")}`);
    });
  }
  return lines;
}
