/** A piece of a drawing whose size is known before its place. Lengths in pixels. */
export interface Block {
  readonly width: number;
  readonly height: number;
  /** SVG elements with the block's upper left corner at (x, y). */
  draw(x: number, y: number): readonly string[];
}

export interface Look {
  readonly fill: string;
  readonly stroke: string;
  readonly dashed?: boolean;
}

/** Rounded up from the mean width of a sans-serif character at the font sizes below. */
const widthPerCharacter = 0.6;

const padding = 8;

export function textBlock(
  text: string,
  { size = 11, bold = false }: { readonly size?: number; readonly bold?: boolean } = {},
): Block {
  const weight = bold ? ' font-weight="bold"' : "";
  return {
    width: Math.ceil(text.length * size * widthPerCharacter),
    height: Math.ceil(size * 1.4),
    draw: (x, y) => [
      `<text x="${x}" y="${y + size}" font-size="${size}"${weight}>${escapeXml(text)}</text>`,
    ],
  };
}

/** Blocks beside each other, aligned at their top. */
export function row(blocks: readonly Block[], gap: number): Block {
  return {
    width: sum(blocks.map(({ width }) => width)) + gap * Math.max(blocks.length - 1, 0),
    height: Math.max(0, ...blocks.map(({ height }) => height)),
    draw(x, y) {
      let left = x;
      return blocks.flatMap((block) => {
        const elements = block.draw(left, y);
        left += block.width + gap;
        return elements;
      });
    },
  };
}

/** Blocks below each other, aligned at their left. */
export function column(blocks: readonly Block[], gap: number): Block {
  return {
    width: Math.max(0, ...blocks.map(({ width }) => width)),
    height: sum(blocks.map(({ height }) => height)) + gap * Math.max(blocks.length - 1, 0),
    draw(x, y) {
      let top = y;
      return blocks.flatMap((block) => {
        const elements = block.draw(x, top);
        top += block.height + gap;
        return elements;
      });
    },
  };
}

/** Rows of `perRow` blocks whose columns stand below each other. */
export function grid(blocks: readonly Block[], perRow: number, gap: number): Block {
  const rows = Array.from({ length: Math.ceil(blocks.length / perRow) }, (_, index) =>
    blocks.slice(index * perRow, (index + 1) * perRow),
  );
  const widths = Array.from({ length: Math.min(perRow, blocks.length) }, (_, index) =>
    Math.max(...rows.map((cells) => cells[index]?.width ?? 0)),
  );
  const padded = rows.map((cells) =>
    row(
      cells.map((cell, index) => ({ ...cell, width: widths[index] ?? cell.width })),
      gap,
    ),
  );
  return column(padded, gap);
}

/** A labelled frame around a block. */
export function frame(label: string, inner: Block, look: Look): Block {
  const content = column([textBlock(label), inner], 4);
  const width = content.width + 2 * padding;
  const height = content.height + 2 * padding;
  const dash = look.dashed === true ? ' stroke-dasharray="4 3"' : "";
  return {
    width,
    height,
    draw: (x, y) => [
      `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="${look.fill}" stroke="${look.stroke}"${dash}/>`,
      ...content.draw(x + padding, y + padding),
    ],
  };
}

/** Escapes text for element content and attributes; characters that XML forbids become "?". */
export function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
