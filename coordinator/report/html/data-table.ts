import { countOf } from "../../../shared/domain/text-layout.ts";
import type { DataTable } from "../../figures/figure-spec.ts";
import { absent, significant } from "../numbers.ts";
import { html, type Markup } from "./markup.ts";

/** A table with a caption; at most `limit` rows, and how many there are. */
export function renderDataTable(table: DataTable, caption: string, limit: number): Markup {
  const numeric = table.columns.map((_, column) =>
    table.rows.some((row) => typeof row[column] === "number"),
  );
  const rows = table.rows.slice(0, limit);
  const rest = table.rows.length - rows.length;
  const full =
    rest > 0
      ? `${caption}. The first ${rows.length} of ${countOf(table.rows.length, "row")}.`
      : `${caption}.`;
  const kind = (column: number): Markup | null =>
    numeric[column] === true ? html` class="number"` : null;
  return html`<div class="scroll"><table><caption>${full}</caption><thead><tr>${table.columns.map(
    (name, column) => html`<th scope="col"${kind(column)}>${name}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (row) =>
      html`<tr>${row.map((value, column) => html`<td${kind(column)}>${showValue(value)}</td>`)}</tr>\n`,
  )}</tbody></table></div>`;
}

/** Four significant digits; what does not exist is a dash, never empty and never 0. */
export function showValue(value: string | number | null): string {
  if (value === null) return absent;
  if (typeof value === "string") return value;
  return Number.isInteger(value) ? String(value) : significant(value, 4);
}
