/** A column of a table: numbers stand to the right, texts to the left; one column may wrap. */
export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
  /** Takes what width is left and continues on further lines; at most one column. */
  readonly wraps?: boolean;
}

/** Columns never get narrower than this, however narrow the terminal is. */
const minWrapWidth = 16;
const gap = "  ";

/** Lays out a table with its titles, indented, within `width` columns where the texts allow it. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): readonly string[] {
  const natural = columns.map((column, index) =>
    Math.max(column.title.length, ...rows.map((row) => (row[index] ?? "").length)),
  );
  const fixed = natural.reduce((sum, own, index) => sum + (columns[index]?.wraps ? 0 : own), 0);
  const rest = width - gap.length * columns.length - fixed;
  const widths = natural.map((own, index) =>
    columns[index]?.wraps ? Math.max(minWrapWidth, Math.min(own, rest)) : own,
  );
  const titles = columns.map((column) => column.title);
  return [titles, ...rows].flatMap((row) => formatRow(columns, row, widths));
}

function formatRow(
  columns: readonly Column[],
  row: readonly string[],
  widths: readonly number[],
): readonly string[] {
  const cells = row.map((text, index) =>
    columns[index]?.wraps ? wrap(text, widths[index] ?? minWrapWidth) : [text],
  );
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const parts = columns.map((column, index) => {
      const text = cells[index]?.[line] ?? "";
      const own = widths[index] ?? 0;
      return column.align === "right" ? text.padStart(own) : text.padEnd(own);
    });
    return `${gap}${parts.join(gap)}`.trimEnd();
  });
}

/** Breaks after blanks and commas; a longer piece stands alone on its line. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of text.split(/(?<=[ ,])/)) {
    if (line !== "" && (line + piece).trimEnd().length > width) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += piece;
  }
  return [...lines, line.trimEnd()];
}
