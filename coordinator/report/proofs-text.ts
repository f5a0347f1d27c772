import { countOf } from "../../shared/domain/text-layout.ts";
import type { PrunedCells } from "../logic/sweep-plan.ts";
import { toCsv } from "./csv.ts";
import { escapeMarkdown, markdownTable } from "./markdown-table.ts";
import { toProofColumns } from "./proof-columns.ts";
import { failuresOf, type ProofRow, tellApart } from "./proofs.ts";
import { describeCell } from "./report-notes.ts";
import { layOutTable, type TextColumn, wrapText } from "./text-table.ts";

/** A sweep's cells with what their processes showed, and what was left out of its plan. */
export interface Proofs {
  readonly sweepId: string;
  readonly name: string;
  readonly rows: readonly ProofRow[];
  /** By the rules of the plan; null where no host is connected that could be asked. */
  readonly leftOut: readonly PrunedCells[] | null;
}

/** Every form of proofs by the name that `-o` takes. */
export const proofFormats: Readonly<
  Record<"table" | "md" | "csv" | "json", (proofs: Proofs, width: number) => string>
> = {
  table: renderTable,
  md: renderMarkdown,
  csv: ({ rows }) => {
    const columns = toProofColumns(rows);
    const lines = Array.from({ length: columns[0]?.cells.length ?? 0 }, (_, row) =>
      columns.map(({ cells }) => cells[row] ?? ""),
    );
    return toCsv([columns.map(({ header }) => header.join("_")), ...lines]);
  },
  json: (proofs) => `${JSON.stringify(proofs, null, 2)}\n`,
};

/** Cells that are named of those that failed alike. */
const maxNamed = 3;

function renderTable(proofs: Proofs, width: number): string {
  const columns = numbered(toProofColumns(proofs.rows));
  const lines = [
    ...wrapText(`${proofs.name}: ${describeConstants(proofs.rows)}`, width),
    ...(columns[0]?.cells.length === 0 ? [] : ["", ...layOutTable(columns, width)]),
    "",
    ...missing(proofs).flatMap((line) => wrapText(line, width)),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function renderMarkdown(proofs: Proofs): string {
  const notes = missing(proofs).map((line) => `- ${escapeMarkdown(line)}`);
  const lines = [
    `All cells: ${escapeMarkdown(describeConstants(proofs.rows))}.`,
    "",
    ...markdownTable(toProofColumns(proofs.rows)),
    ...(notes.length === 0 ? [] : ["", ...notes]),
  ];
  return `${lines.join("\n")}\n`;
}

function describeConstants(rows: readonly ProofRow[]): string {
  const { alike } = tellApart(rows);
  return describeCell(alike, Object.keys(alike));
}

/** On a narrow screen the table is cut into several: the number says which row goes on. */
function numbered(columns: readonly TextColumn[]): readonly TextColumn[] {
  const rows = columns[0]?.cells.length ?? 0;
  const numbers = Array.from({ length: rows }, (_, row) => `${row + 1}`);
  return [{ header: ["#"], align: "right", key: true, cells: numbers }, ...columns];
}

/** What was not measured, with the reason: first what was tried, then what the plan left out. */
function missing({ rows, leftOut }: Proofs): readonly string[] {
  const failed = [...failuresOf(rows)].map(([reason, cells]) => {
    const more = cells.length > maxNamed ? `; ${cells.length - maxNamed} more` : "";
    return `missing (${countOf(cells.length, "cell")}): ${reason} (${cells.slice(0, maxNamed).join("; ")}${more})`;
  });
  const pruned = (leftOut ?? []).map(
    ({ rule, reason, count: number }) =>
      `left out (${countOf(number, "cell")}) by ${rule}: ${reason}`,
  );
  const unknown = leftOut === null ? ["what the plan left out: no host of it is connected"] : [];
  return [...failed, ...pruned, ...unknown];
}
