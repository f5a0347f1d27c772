import {
  type DuckDBConnection,
  type DuckDBExtractedStatements,
  type Json,
  StatementType,
} from "@duckdb/node-api";
import { FleetsweepError } from "../../shared/domain/errors.ts";

export interface QueryRequest {
  readonly sql: string;
  readonly maxRows: number;
}

export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Values as JSON; numbers of 64 bits and more as text, so that none loses digits. */
  readonly rows: readonly (readonly Json[])[];
  /** There were more rows than asked for. */
  readonly truncated: boolean;
}

const limits = { sqlCharacters: 100_000, milliseconds: 30_000 } as const;

const allowed: readonly StatementType[] = [StatementType.SELECT, StatementType.EXPLAIN];

/**
 * Runs one reading statement of an operator in a read-only transaction, with an end to its time and rows.
 * Files, network and extensions are out of its reach, see openDatabase.
 * @throws FleetsweepError query.refused (not one reading statement, wrong SQL, or too slow).
 */
export async function runQuery(
  connection: DuckDBConnection,
  { sql, maxRows }: QueryRequest,
  signal: AbortSignal,
): Promise<QueryResult> {
  if (sql.length > limits.sqlCharacters) {
    throw refused(`the statement has ${sql.length} characters, ${limits.sqlCharacters} are taken`);
  }
  const stop = AbortSignal.any([signal, AbortSignal.timeout(limits.milliseconds)]);
  const interrupt = (): void => connection.interrupt();
  await connection.run("BEGIN TRANSACTION READ ONLY");
  stop.addEventListener("abort", interrupt, { once: true });
  try {
    return await readResult(connection, sql, maxRows);
  } catch (error) {
    if (error instanceof FleetsweepError) throw error;
    const seconds = limits.milliseconds / 1_000;
    const slow = stop.aborted && !signal.aborted;
    throw refused(slow ? `it took over ${seconds} s` : firstLines(error));
  } finally {
    stop.removeEventListener("abort", interrupt);
    await connection.run("ROLLBACK");
  }
}

async function readResult(
  connection: DuckDBConnection,
  sql: string,
  maxRows: number,
): Promise<QueryResult> {
  const statements: DuckDBExtractedStatements = await connection.extractStatements(sql);
  if (statements.count !== 1) {
    throw refused(`one statement is taken at a time, this has ${statements.count}`);
  }
  const prepared = await statements.prepare(0);
  if (!allowed.includes(prepared.statementType)) {
    const kind = StatementType[prepared.statementType];
    throw refused(`${kind} may change something: only SELECT and EXPLAIN are taken`);
  }
  const reader = await prepared.streamAndReadUntil(maxRows + 1);
  const rows = reader.getRowsJson();
  return {
    columns: reader.columnNames().map((name, index) => ({
      name,
      type: reader.columnType(index).toString(),
    })),
    rows: rows.slice(0, maxRows),
    truncated: rows.length > maxRows,
  };
}

function refused(why: string): FleetsweepError {
  return new FleetsweepError("query.refused", `the query was not run: ${why}`);
}

/** DuckDB quotes the statement under its message, with a mark at the place. */
function firstLines(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trimEnd();
}
