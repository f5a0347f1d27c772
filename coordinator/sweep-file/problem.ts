import { countOf } from "../../shared/domain/text-layout.ts";
/** Something wrong with a sweep file, with its place. */
export interface Problem {
  /** UTF-16 offsets in the text; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  readonly message: string;
  /** What to write instead. */
  readonly hint?: string;
}

/** More than these help nobody: the first ones are mended first. */
const maxShownProblems = 50;
/** Columns of a quoted line; a longer one is cut around the place. */
const maxQuotedWidth = 100;

/**
 * The problems in the order of their places, each as `file:line:col: message` with the line, carets
 * below the place, and the hint. `count` is of all, those
 * included that have no place. Lines and columns count from 1, columns in UTF-16 units.
 */
export function formatProblems(
  text: string,
  fileName: string,
  found: { readonly problems: readonly Problem[]; readonly count: number },
): string {
  const { problems, count } = found;
  const ordered = [...problems].sort((a, b) => a.start - b.start);
  const shown = ordered.slice(0, maxShownProblems);
  const lines = shown.map((problem) => formatProblem(text, fileName, problem));
  if (count > shown.length) lines.push(`and ${countOf(count - shown.length, "more problem")}`);
  return lines.join("\n");
}

function formatProblem(text: string, fileName: string, problem: Problem): string {
  const start = Math.max(0, Math.min(problem.start, text.length));
  // `lastIndexOf` takes a negative place for 0, where the first line's own break may stand.
  const lineStart = start === 0 ? 0 : text.lastIndexOf("\n", start - 1) + 1;
  const nextBreak = text.indexOf("\n", lineStart);
  const lineEnd = nextBreak === -1 ? text.length : nextBreak;
  const number = countLines(text, lineStart);
  const column = start - lineStart + 1;
  const width = Math.max(1, Math.min(problem.end, lineEnd) - start);
  const quoted = quote(text.slice(lineStart, lineEnd), column - 1, width);
  const gutter = String(number).padStart(4);
  const place = `${fileName}:${number}:${column}`;
  const hint = problem.hint === undefined ? [] : [`       = ${problem.hint}`];
  return [
    `${place}: ${problem.message}`,
    `${gutter} | ${quoted.line}`,
    `     | ${quoted.carets}`,
    ...hint,
  ].join("\n");
}

function countLines(text: string, lineStart: number): number {
  let number = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < lineStart; at = text.indexOf("\n", at + 1)) {
    number += 1;
  }
  return number;
}

/** The line, cut where it is too long, tabs and control characters as blanks, and its carets. */
function quote(
  line: string,
  at: number,
  width: number,
): { readonly line: string; readonly carets: string } {
  const from = at > maxQuotedWidth - 20 ? at - 20 : 0;
  const clean = line.slice(from, from + maxQuotedWidth).replaceAll(/\p{Cc}/gu, " ");
  const carets = "^".repeat(Math.max(1, Math.min(width, maxQuotedWidth - (at - from))));
  return { line: clean.trimEnd(), carets: " ".repeat(at - from) + carets };
}
