/** ANSI styles that pictures use; `none` leaves the text as it is. */
export type Style = "bold" | "dim" | "yellow" | "red" | "green" | "none";

/** Wraps text into a style, or leaves it alone where colour is off. */
export type Paint = (style: Style, text: string) => string;

const codes: Readonly<Record<Style, string>> = {
  bold: "1",
  dim: "2",
  yellow: "33",
  red: "31",
  green: "32",
  none: "",
};

export function makePaint(colour: boolean): Paint {
  return (style, text) => {
    if (!colour || style === "none" || text === "") return text;
    return `\u001b[${codes[style]}m${text}\u001b[0m`;
  };
}

/**
 * Lines of at most `width` columns: `items` with `gap` between them, the first line after `head` and
 * the others below its end. An item that is longer than a line is broken at its commas or blanks.
 */
export function layOut(
  head: string,
  items: readonly string[],
  { width, gap = "  " }: { readonly width: number; readonly gap?: string },
): string[] {
  const indent = " ".repeat(head.length);
  const room = Math.max(width - head.length, 10);
  const lines: string[] = [];
  let line = "";
  for (const piece of items.flatMap((item) => breakItem(item, room))) {
    if (line === "") line = piece;
    else if (line.length + gap.length + piece.length <= room) line += gap + piece;
    else {
      lines.push(line);
      line = piece;
    }
  }
  if (line !== "" || lines.length === 0) lines.push(line);
  return lines.map((text, index) => (index === 0 ? head : indent) + text);
}

/** Cuts after a comma or a blank; a single word that is too long is cut where the room ends. */
function breakItem(item: string, room: number): string[] {
  const pieces: string[] = [];
  let rest = item;
  while (rest.length > room) {
    const cut = Math.max(rest.lastIndexOf(",", room - 1), rest.lastIndexOf(" ", room - 1)) + 1;
    const end = cut > 0 ? cut : room;
    pieces.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return rest === "" ? pieces : [...pieces, rest];
}

const byteUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** Three significant digits in the largest binary unit that leaves a number of at least 1. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < byteUnits.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2;
  const text = value
    .toFixed(digits)
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
  return `${text} ${byteUnits[unit] ?? ""}`;
}

/** `1 core`, `2 cores`, `5 launches`. */
export function countOf(count: number, noun: string): string {
  const ending = /(?:s|x|ch|sh)$/u.test(noun) ? "es" : "s";
  return `${count} ${noun}${count === 1 ? "" : ending}`;
}

/**
 * Text from files and the network as it may go to a terminal: control characters, which could move
 * the cursor or change what stands there already, are replaced.
 */
export function printable(text: string): string {
  return text.replace(/./gsu, (character) => (isControl(character) ? "?" : character));
}

/** C0, DEL, C1, and the marks that turn or break the direction of a line. */
function isControl(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  return (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}
