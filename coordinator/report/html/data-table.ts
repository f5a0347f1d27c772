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
      html`<tr>${row.map((value, column) => renderValue(value, numeric[column] === true))}</tr>\n`,
  )}</tbody></table></div>`;
}

/** Text beyond this has a column of some width: squeezed between numbers it would be as tall as a screen. */
export const longText = 40;

export function renderValue(value: string | number | null, isNumeric: boolean): Markup {
  const text = showValue(value);
  const kind = isNumeric ? html` class="number"` : null;
  return html`<td${kind ?? (text.length > longText ? html` class="long"` : null)}>${text}</td>`;
}

/** Four significant digits; what does not exist is a dash, never empty and never 0. */
function showValue(value: string | number | null): string {
  if (value === null) return absent;
  if (typeof value === "string") return value;
  return Number.isInteger(value) ? String(value) : significant(value, 4);
}
