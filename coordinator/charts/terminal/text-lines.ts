import { printable } from "../../../shared/domain/text-layout.ts";
import { elideTo, wrapPixels } from "../text-size.ts";

/** Marks of series, told apart without colour in any font. */
export const marks = ["o", "x", "+", "*", "#", "@", "%", "&"] as const;

export function markOf(series: number): string {
  return marks[series % marks.length] ?? "o";
}

/** Text without what could act on a terminal. */
export function plain(text: string): string {
  return printable(text);
}

/** Lines of at most `width` columns. */
export function wrap(text: string, width: number): string[] {
  // One unit a character: the pixel version with a size that makes each character one wide.
  return wrapPixels(text, width, 1 / 0.62);
}

/** Names in one column: elided in the middle, padded to the longest. */
export function nameColumn(names: readonly string[], most: number): string[] {
  const short = names.map((name) => elideTo(plain(name), most));
  const width = Math.max(0, ...short.map((name) => Array.from(name).length));
  return short.map((name) => name + " ".repeat(width - Array.from(name).length));
}

/** The legend as `o glibc   x jemalloc`, over as many lines as it takes. */
export function legendLines(series: readonly string[], width: number): string[] {
  if (series.length < 2) return [];
  return wrap(series.map((name, index) => `${markOf(index)} ${name}`).join("   "), width);
}

/** `n` eighths of a block, to one character's eighth. */
export function bar(length: number): string {
  const eighths = Math.max(0, Math.round(length * 8));
  const rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8] ?? "";
  return "█".repeat(Math.floor(eighths / 8)) + rest;
}
