import { FleetsweepError } from "../shared/domain/errors.ts";
import { doInTurns } from "../shared/runtime/do-in-turns.ts";
import { comparisonSteps } from "./analysis/compare/compare-sides.ts";
import { parseSide, passesFilters } from "./analysis/compare/side.ts";
import { buildHistory } from "./analysis/history.ts";
import { parseMargin } from "./analysis/margin.ts";
import type { Objective } from "./analysis/metric.ts";
import { parseGoal } from "./analysis/recommend/goal.ts";
import { recommendationSteps } from "./analysis/recommend/recommend.ts";
import { documentParts } from "./document-parts.ts";
import {
  type ExportFormat,
  type ExportTableName,
  exportFormats,
  exportTables,
} from "./store/export-tables.ts";
import type { Projection } from "./store/projection.ts";

const limits = { rows: 1_000_000, histories: 10_000 } as const;

type Store = Pick<Projection, "readReportInput" | "readHistory" | "query" | "export">;

/** Answers questions about what the projection holds, beside the report of one sweep. */
export class Answers {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** @throws FleetsweepError config.invalid, sweep.not_found */
  async *compare(request: {
    readonly a: string;
    readonly b: string;
    readonly objective: string;
    readonly margin: number;
  }): AsyncGenerator<string> {
    const [a, b] = [parseSide(request.a), parseSide(request.b)];
    const objective = parseObjective(request.objective);
    const margin = parseMargin(request.margin);
    const read = (sweepId: string) => this.#store.readReportInput(sweepId, { withCalls: false });
    const left = await read(a.sweepId);
    const right = a.sweepId === b.sweepId ? left : await read(b.sweepId);
    const inputs = { a: left, b: right };
    const comparison = await doInTurns(comparisonSteps(inputs, { a, b, objective, margin }));
    yield* documentParts(comparison, "cells");
  }

  /** @throws FleetsweepError config.invalid, sweep.not_found */
  async *history(cells: string): AsyncGenerator<string> {
    const side = parseSide(cells);
    const found = (await this.#store.readHistory(side.sweepId)).filter(({ hostId, cell }) =>
      passesFilters(side, hostId, cell),
    );
    if (found.length === 0) {
      throw new FleetsweepError("sweep.not_found", `nothing measured is known of "${cells}"`);
    }
    if (found.length > limits.histories) {
      const many = `${found.length} cells, ${limits.histories} are shown at most: add filters`;
      throw new FleetsweepError("config.invalid", many);
    }
    for (const { hostId, cell, entries } of found) {
      yield JSON.stringify(buildHistory(hostId, cell, entries));
    }
  }

  /** @throws FleetsweepError config.invalid, sweep.not_found */
  async *recommend(request: {
    readonly sweepId: string;
    readonly objective: string;
    readonly margin: number;
  }): AsyncGenerator<string> {
    const [goal, margin] = [parseGoal(request.objective), parseMargin(request.margin)];
    const { sweepId } = request;
    const input = await this.#store.readReportInput(sweepId, { withCalls: goal.asksCalls });
    yield* documentParts(await doInTurns(recommendationSteps(input, goal, margin)), "items");
  }

  /** @throws FleetsweepError query.refused */
  async *query(sql: string, maxRows: number, signal: AbortSignal): AsyncGenerator<string> {
    const bounded = Math.min(Math.max(1, maxRows), limits.rows);
    yield* documentParts(await this.#store.query(sql, bounded, signal), "rows");
  }

  /** @throws FleetsweepError config.invalid, sweep.not_found */
  async *export(
    request: { readonly sweepId: string; readonly table: string; readonly format: string },
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const { sweepId, table, format } = request;
    if (!isTable(table)) throw unknownName("table", table, Object.keys(exportTables));
    if (!isFormat(format)) throw unknownName("format", format, exportFormats);
    yield* this.#store.export({ sweepId, table, format }, signal);
  }
}

function parseObjective(text: string): Objective {
  if (text === "latency" || text === "throughput") return text;
  throw unknownName("objective", text, ["latency", "throughput"]);
}

function isTable(name: string): name is ExportTableName {
  return Object.hasOwn(exportTables, name);
}

function isFormat(name: string): name is ExportFormat {
  return exportFormats.some((format) => format === name);
}

function unknownName(what: string, name: string, known: readonly string[]): FleetsweepError {
  return new FleetsweepError(
    "config.invalid",
    `no ${what} is called "${name}": ${known.join(", ")}`,
  );
}
