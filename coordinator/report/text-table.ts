export interface TextColumn {
  /** One line a word, so that long names make narrow columns. */
  readonly header: readonly string[];
  readonly align: "left" | "right";
  /** Says which row it is; repeated where a table is cut into several. */
  readonly key: boolean;
  readonly cells: readonly string[];
}

/** Blanks between columns, from the widest that may be to the narrowest. */
const gaps = ["  ", " "] as const;

/**
 * Lays columns out without borders in at most `width` characters. Where they do not fit beside each
 * other even closely, the table is cut into several under one another, each with the key columns first.
 * Columns that are too wide even so are left as they are: a cut figure would be a wrong one.
 */
export function layOutTable(columns: readonly TextColumn[], width: number): string[] {
  const gap = gaps.find((some) => tableWidth(columns, some) <= width);
  return gap === undefined ? cutTable(columns, width) : layOutBlock(columns, gap);
}

function cutTable(columns: readonly TextColumn[], width: number): string[] {
  const [gap] = gaps;
  const keys = columns.filter((column) => column.key);
  const blocks: TextColumn[][] = [[]];
  for (const column of columns.filter(({ key }) => !key)) {
    const block = blocks.at(-1) ?? [];
    if (block.length > 0 && tableWidth([...keys, ...block, column], gap) > width)
      blocks.push([column]);
    else block.push(column);
  }
  return blocks.flatMap((block, index) => [
    ...(index === 0 ? [] : [""]),
    ...layOutBlock([...keys, ...block], gap),
  ]);
}

function layOutBlock(columns: readonly TextColumn[], gap: string): string[] {
  const headerLines = Math.max(0, ...columns.map(({ header }) => header.length));
  const rows = Math.max(0, ...columns.map(({ cells }) => cells.length));
  // Once a table: every row asks for them.
  const sized = columns.map((column) => ({ column, width: columnWidth(column) }));
  const layOutLine = (read: (column: TextColumn) => string | undefined): string =>
    sized
      .map(({ column, width }) => {
        const text = read(column) ?? "";
        const space = " ".repeat(width - length(text));
        return column.align === "left" ? text + space : space + text;
      })
      .join(gap)
      .trimEnd();
  const lines: string[] = [];
  for (let line = 0; line < headerLines; line++) {
    // Headers stand on the row below them.
    lines.push(layOutLine(({ header }) => header[line - headerLines + header.length]));
  }
  for (let row = 0; row < rows; row++) lines.push(layOutLine(({ cells }) => cells[row]));
  return lines;
}

function tableWidth(columns: readonly TextColumn[], gap: string): number {
  const widths = columns.map(columnWidth);
  return widths.reduce((sum, width) => sum + width, 0) + gap.length * (columns.length - 1);
}

/** A table that is cut asks for each of its columns' widths as often as it has columns. */
const widths = new WeakMap<TextColumn, number>();

function columnWidth(column: TextColumn): number {
  const known = widths.get(column);
  if (known !== undefined) return known;
  let width = 0;
  for (const text of column.header) width = Math.max(width, length(text));
  for (const text of column.cells) width = Math.max(width, length(text));
  widths.set(column, width);
  return width;
}

/** Code points, without a list of them: `µ` and `±` are one place wide, and so is what two surrogates stand for. */
function length(text: string): number {
  let places = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= 0xdc00 && unit <= 0xdfff) places -= 1;
  }
  return places;
}

/** Breaks text at blanks into lines of at most `width`. A word longer than a line stands alone. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && length(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
