import { basename } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { showAxisValue } from "../analysis/report.ts";
import { absent, significant } from "./numbers.ts";
import { type ProofRow, tellApart } from "./proofs.ts";
import type { TextColumn } from "./text-table.ts";

interface ProofColumn {
  /** One line a word, as tables for people show it. */
  readonly header: readonly string[];
  readonly align: "left" | "right";
  /** Null where the cell has nothing to show here; a column of nothing else is left out. */
  readonly show: (row: ProofRow) => string | null;
}

/** What is shown of each cell beside its axes. A new proof is one entry here. */
const proofColumns: readonly ProofColumn[] = [
  { header: ["launches"], align: "right", show: ({ launches }) => `${launches}` },
  {
    header: ["median", "ms"],
    align: "right",
    show: ({ medianNs }) => (medianNs === null ? null : significant(medianNs / 1e6, 4)),
  },
  { header: ["verdict"], align: "left", show: ({ verdict }) => verdict },
  {
    header: ["mapped", "allocator"],
    align: "left",
    show: ({ readback }) => file(readback["allocator_file"]),
  },
  {
    header: ["OpenMP", "says"],
    align: "left",
    show: ({ readback }) => text(readback["openmp_runtime"]),
  },
  {
    header: ["block", "time", "says"],
    align: "right",
    show: ({ readback }) => text(readback["kmp_blocktime_shown"]),
  },
  {
    header: ["faults", "a", "call"],
    align: "right",
    show: ({ counters }) => number(counters["minor_faults_per_call"]),
  },
  {
    header: ["threads"],
    align: "right",
    show: ({ readback }) => text(readback["threads"]),
  },
  {
    header: ["may", "run", "on"],
    align: "left",
    show: ({ readback }) => text(readback["allowed_pus"]),
  },
  {
    header: ["bound", "alone"],
    align: "left",
    show: ({ readback }) => text(readback["bound_pus"]),
  },
  { header: ["bound", "by"], align: "left", show: ({ bindingTool }) => bindingTool },
  { header: ["THP"], align: "left", show: ({ readback }) => text(readback["thp"]) },
  {
    header: ["huge", "MiB"],
    align: "right",
    show: ({ readback }) => mebibytes(readback["huge_page_bytes"]),
  },
  {
    header: ["session", "spins"],
    align: "left",
    show: ({ readback }) => text(readback["session_spinning"]),
  },
  { header: ["oneDNN"], align: "left", show: ({ readback }) => text(readback["onednn"]) },
  {
    header: ["problem"],
    align: "left",
    show: ({ problem }) => (problem === null ? null : plain(problem)),
  },
];

type Value = string | number | boolean | null | undefined;

/** The axes that vary, then the proofs that anything shows. Cells that measured nothing are left out. */
export function toProofColumns(rows: readonly ProofRow[]): TextColumn[] {
  const measured = rows.filter(({ failure }) => failure === null);
  const { axes } = tellApart(rows);
  const hosts = new Set(measured.map(({ hostId }) => hostId));
  const axis = (header: string, show: (row: ProofRow) => string): TextColumn => ({
    header: header.split("_"),
    align: "left",
    key: false,
    cells: measured.map(show),
  });
  const settings = axes.map((name) =>
    axis(name, ({ cell }) => showAxisValue(cell[name]) || absent),
  );
  const proofs = proofColumns.flatMap(({ header, align, show }): TextColumn[] => {
    const cells = measured.map(show);
    if (cells.every((cell) => cell === null)) return [];
    return [{ header, align, key: false, cells: cells.map((cell) => cell ?? absent) }];
  });
  return [
    ...(hosts.size > 1 ? [axis("host", ({ hostId }) => hostId)] : []),
    ...settings,
    ...proofs,
  ];
}

function text(value: Value): string | null {
  return value === null || value === undefined ? null : plain(String(value));
}

function file(value: Value): string | null {
  return typeof value === "string" ? plain(basename(value)) : null;
}

function number(value: Value): string | null {
  return typeof value === "number" ? significant(value, 3) : null;
}

function mebibytes(value: Value): string | null {
  return typeof value === "number" ? significant(value / 1_048_576, 3) : null;
}

/** What programs wrote goes to terminals: no escape sequence of theirs may act there. */
function plain(value: string): string {
  return stripVTControlCharacters(value).replaceAll(/\p{Cc}+/gu, " ");
}
