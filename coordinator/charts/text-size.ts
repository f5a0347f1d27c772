/** Width of an average character of DejaVu Sans, a wide face, as a share of its size. */
const averageWidth = 0.62;

/** About how many pixels a text takes; there is nothing to measure it with where no browser is. */
export function textWidth(text: string, sizePx: number): number {
  return Array.from(text).length * sizePx * averageWidth;
}

/** The text, or as much of it as fits with an ellipsis; the full text belongs into a tooltip. */
export function elide(text: string, widthPx: number, sizePx: number): string {
  // A width that was worked out from this very text may be less by an error of rounding.
  const room = Math.max(1, Math.floor(widthPx / (sizePx * averageWidth) + 1e-6));
  return elideTo(text, room);
}

/** At most `count` characters; the middle goes, for names often differ at their ends. */
export function elideTo(text: string, count: number): string {
  const characters = Array.from(text);
  if (characters.length <= count) return text;
  if (count <= 1) return "…";
  const head = Math.ceil((count - 1) / 2);
  const tail = count - 1 - head;
  return `${characters.slice(0, head).join("")}…${characters.slice(characters.length - tail).join("")}`;
}

/** A name below its place: cut after a comma into two lines where it is too long for one. */
export function twoLines(text: string, widthPx: number, sizePx = 11): string {
  if (textWidth(text, sizePx) <= widthPx) return text;
  const parts = text.split(", ");
  const half = Math.ceil(parts.length / 2);
  const lines = [parts.slice(0, half).join(", "), parts.slice(half).join(", ")];
  return lines
    .filter((line) => line !== "")
    .map((line) => elide(line, widthPx, sizePx))
    .join("\n");
}

/** Lines that fit a width; a word that is longer than a line is cut. */
export function wrapPixels(text: string, widthPx: number, sizePx: number): string[] {
  const room = Math.max(1, Math.floor(widthPx / (sizePx * averageWidth)));
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).flatMap((some) => cutWord(some, room))) {
    if (line === "") line = word;
    else if (line.length + 1 + word.length <= room) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return line === "" ? lines : [...lines, line];
}

function cutWord(word: string, room: number): string[] {
  const characters = Array.from(word);
  const pieces: string[] = [];
  for (let start = 0; start < characters.length; start += room) {
    pieces.push(characters.slice(start, start + room).join(""));
  }
  return pieces;
}
