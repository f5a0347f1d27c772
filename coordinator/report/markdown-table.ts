import type { TextColumn } from "./text-table.ts";

/** Columns as a table of GitHub-flavoured Markdown. */
export function markdownTable(columns: readonly TextColumn[]): string[] {
  const rows = columns[0]?.cells.length ?? 0;
  const line = (texts: readonly string[]): string => `| ${texts.map(escapeMarkdown).join(" | ")} |`;
  return [
    line(columns.map(({ header }) => header.join(" "))),
    `| ${columns.map(({ align }) => (align === "right" ? "--:" : ":--")).join(" | ")} |`,
    ...Array.from({ length: rows }, (_, row) => line(columns.map(({ cells }) => cells[row] ?? ""))),
  ];
}

/** Names and messages come from users and programs: none of them may become markup. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|#]/g, (mark) => `\\${mark}`).replaceAll(/\r?\n/g, " ");
}
