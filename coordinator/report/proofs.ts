import { stripVTControlCharacters } from "node:util";
import { isCanary } from "../../shared/domain/canary.ts";
import type { AxisValue, Cell } from "../../shared/domain/cell.ts";
import { splitAxes } from "../analysis/split-axes.ts";
import type { QueryRows } from "./query-text.ts";
import { describeCell } from "./report-notes.ts";

/** Values by name as a launch's environment has them. */
type Values = Readonly<Record<string, string | number | boolean | null>>;

/** What a cell was asked to run with, and what its running processes showed. */
export interface ProofRow {
  readonly hostId: string;
  readonly cell: Cell;
  /** Launches that measured it. */
  readonly launches: number;
  /** Geometric mean of their medians: of those that are not invalid, or of all where there is no other. */
  readonly medianNs: number | null;
  /** Of the last launch that is not invalid, or of the last. */
  readonly verdict: string | null;
  /** Of the last launch that measured. */
  readonly bindingTool: string | null;
  readonly readback: Values;
  readonly counters: Values;
  /** What a launch showed instead of what was asked for; null where all did as asked. */
  readonly problem: string | null;
  /** Why nothing was measured; null where something was. */
  readonly failure: string | null;
}

/**
 * One row for each cell of the sweep, in the order of the plan, as `fleetsweep sql` gives them. The columns
 * are those that {@link readProofs} reads.
 */
export function proofsQuery(sweepId: string): string {
  const id = `'${sweepId.replaceAll("'", "''")}'`;
  return `
    SELECT c.host_id, c.cell_json, c.terminal,
      count(l.seq) FILTER (WHERE l.outcome = 'measured') AS launches,
      coalesce(exp(avg(ln(l.median_ns)) FILTER (WHERE l.verdict <> 'invalid')),
        exp(avg(ln(l.median_ns)))) AS median_ns,
      coalesce(arg_max(l.verdict, l.seq) FILTER (WHERE l.verdict <> 'invalid'),
        arg_max(l.verdict, l.seq)) AS verdict,
      arg_max(e.binding_tool, l.seq) AS binding_tool,
      arg_max(e.readback_json, l.seq) AS readback_json,
      arg_max(e.counters_json, l.seq) AS counters_json,
      arg_max(l.reasons_json, l.seq) FILTER (WHERE contains(l.reasons_json, '"knob-not-effective"')
        OR contains(l.reasons_json, '"off-plan-affinity"')) AS problems_json,
      arg_max(l.failure_reason || ': ' || l.failure_message, l.seq) AS failure
    FROM cells c
    LEFT JOIN launches l USING (sweep_id, shard_id, cell_id)
    LEFT JOIN environments e ON e.seq = l.seq
    WHERE c.sweep_id = ${id}
    GROUP BY c.host_id, c.shard_id, c.cell_id, c.position, c.cell_json, c.terminal
    ORDER BY c.host_id, c.shard_id, c.position`;
}

export function readProofs({ columns, rows }: QueryRows): ProofRow[] {
  const names = columns.map(({ name }) => name);
  return rows.flatMap((row): ProofRow[] => {
    const text = (name: string): string | null => {
      const value = row[names.indexOf(name)];
      if (value === null || value === undefined) return null;
      return typeof value === "string" ? value : JSON.stringify(value);
    };
    const cell = JSON.parse(text("cell_json") ?? "{}") as Cell;
    // What a canary shows, a cell of the matrix shows too.
    if (isCanary(cell)) return [];
    const launches = Number(text("launches") ?? 0);
    const medianNs = text("median_ns");
    const proof = {
      hostId: text("host_id") ?? "",
      cell,
      launches,
      medianNs: medianNs === null ? null : Number(medianNs),
      verdict: text("verdict"),
      bindingTool: text("binding_tool"),
      readback: JSON.parse(text("readback_json") ?? "{}") as Values,
      counters: JSON.parse(text("counters_json") ?? "{}") as Values,
      problem: readProblem(text("problems_json")),
      failure: launches > 0 ? null : (text("failure") ?? describeOpen(text("terminal"))),
    };
    return [proof];
  });
}

/** A cell without any launch: still to come, or given up without one. */
function describeOpen(terminal: string | null): string {
  return terminal === null ? "not measured yet" : `not measured: ${terminal}`;
}

const proofCodes = ["knob-not-effective", "off-plan-affinity"];

function readProblem(json: string | null): string | null {
  const reasons = JSON.parse(json ?? "[]") as readonly { code: string; message: string }[];
  return reasons.find(({ code }) => proofCodes.includes(code))?.message ?? null;
}

/**
 * The axes that tell cells apart, and those with one value in all cells that have them: an axis that only
 * some runners know tells nothing that the runner does not.
 */
export function tellApart(rows: readonly ProofRow[]) {
  const cells = rows.map(({ cell }) => cell);
  const { constants, varying } = splitAxes(cells);
  const single = varying.flatMap((name): [string, AxisValue][] => {
    const values = new Set(cells.flatMap((cell) => cell[name] ?? []));
    const [value] = values;
    return values.size === 1 && value !== undefined ? [[name, value]] : [];
  });
  const alike: Cell = { ...constants, ...Object.fromEntries(single) };
  return { alike, axes: varying.filter((name) => !Object.hasOwn(alike, name)) };
}

/** Cells without a single measured launch, by their reason: which ones, in words. */
export function failuresOf(rows: readonly ProofRow[]): ReadonlyMap<string, readonly string[]> {
  const { axes } = tellApart(rows);
  const found = new Map<string, string[]>();
  for (const { failure, cell } of rows) {
    if (failure === null) continue;
    // What programs wrote goes to terminals: no escape sequence of theirs may act there.
    const reason = stripVTControlCharacters(failure).replaceAll(/\p{Cc}+/gu, " ");
    found.set(reason, [...(found.get(reason) ?? []), describeCell(cell, axes)]);
  }
  return found;
}
