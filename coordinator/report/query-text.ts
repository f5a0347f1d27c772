import { stripVTControlCharacters } from "node:util";
import { toCsv } from "./csv.ts";
import { layOutTable, type TextColumn } from "./text-table.ts";

/** What a query gave, as it comes from the coordinator. */
export interface QueryRows {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
  readonly truncated: boolean;
}

/** Every form of rows by the name that `-o` takes. */
export const queryFormats: Readonly<
  Record<"table" | "json" | "csv", (found: QueryRows, width: number) => string>
> = {
  table: renderTable,
  json: ({ columns, rows }) => {
    const objects = rows.map((row) =>
      Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])),
    );
    return `${JSON.stringify(objects, null, 2)}\n`;
  },
  csv: ({ columns, rows }) =>
    toCsv([columns.map(({ name }) => name), ...rows.map((row) => row.map(toField))]),
};

const numeric = /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT|INTEGER|UINTEGER|FLOAT|DOUBLE|DECIMAL)/;
/** Longer values are cut in the table for people; the other formats have all. */
const maxCharacters = 60;

function renderTable({ columns, rows }: QueryRows, width: number): string {
  const laid = columns.map(({ name, type }, index): TextColumn => {
    const align = numeric.test(type) ? "right" : "left";
    return { header: [name], align, key: index === 0, cells: rows.map((row) => cut(row[index])) };
  });
  return `${layOutTable(laid, width).join("\n")}\n`;
}

/** What programs wrote goes to terminals: no escape sequence of theirs may act there. */
function cut(value: unknown): string {
  const text = stripVTControlCharacters(String(toField(value) ?? "NULL")).replaceAll(
    /\p{Cc}+/gu,
    " ",
  );
  return text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters - 1)}…`;
}

function toField(value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" || typeof value === "boolean") return value;
  return typeof value === "string" ? value : JSON.stringify(value);
}
