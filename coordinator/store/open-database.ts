import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { makeDirectory } from "../../shared/runtime/make-directory.ts";
import { createStatements, schemaVersion } from "./tables.ts";

export interface Database {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
  /** For queries of operators: another transaction, so that writing goes on meanwhile. */
  readonly reader: DuckDBConnection;
  /** The only directory that statements can reach; files in it are nobody's but theirs. */
  readonly exportDirectory: string;
}

/**
 * One thread and little memory: the coordinator often stands on a host that measures. No extension is
 * ever fetched from the network.
 */
const settings = {
  threads: "1",
  memory_limit: "512MB",
  autoinstall_known_extensions: "false",
};

/**
 * Opens the projection's file and creates what is missing; what an older version made is made anew.
 * @throws FleetsweepError state.locked (another program has it), state.unusable (no database, or of
 *   a newer version: the message says that it may be deleted, for the log holds everything).
 */
export async function openDatabase(file: string): Promise<Database> {
  let instance: DuckDBInstance;
  try {
    await makeDirectory(dirname(file), 0o700);
    instance = await DuckDBInstance.create(file, settings);
  } catch (error) {
    throw toOpenError(error, file);
  }
  try {
    const connection = await instance.connect();
    await prepareSchema(connection, file);
    const exportDirectory = await lockDown(connection, file);
    return { instance, connection, reader: await instance.connect(), exportDirectory };
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/** Operators send SQL: whatever it is, it reads no file, no network and no extension, and keeps that so. */
async function lockDown(connection: DuckDBConnection, file: string): Promise<string> {
  const directory = `${file}.exports`;
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { mode: 0o700 });
  const quoted = `'${directory.replaceAll("'", "''")}'`;
  await connection.run(`SET allowed_directories = [${quoted}]`);
  await connection.run("SET enable_external_access = false");
  await connection.run("SET lock_configuration = true");
  return directory;
}

/** A file of an older version is emptied: the log gives everything again, in today's structure. */
async function prepareSchema(connection: DuckDBConnection, file: string): Promise<void> {
  const found = await readVersion(connection);
  if (found === schemaVersion) return;
  if (found === "foreign" || (found !== "empty" && found > schemaVersion)) {
    const whose =
      found === "foreign"
        ? "is a database of another program"
        : `has structure ${found}, this program knows ${schemaVersion}: it belongs to a newer version`;
    throw new FleetsweepError(
      "state.unusable",
      `the projection ${file} ${whose}. Use that version, or delete the file: it is rebuilt from the log`,
    );
  }
  // At once: who dies in between leaves the old structure, or the new one.
  await connection.run("BEGIN");
  if (found !== "empty") await dropAll(connection);
  for (const statement of createStatements()) await connection.run(statement);
  await connection.run("COMMIT");
}

async function dropAll(connection: DuckDBConnection): Promise<void> {
  const found = await connection.runAndReadAll(
    "SELECT table_type = 'VIEW' AS is_view, table_name FROM information_schema.tables WHERE table_schema = 'main'",
  );
  const objects = found.getRowObjectsJS().map((row) => ({
    kind: row["is_view"] === true ? "VIEW" : "TABLE",
    name: `"${(row["table_name"] as string).replaceAll('"', '""')}"`,
  }));
  for (const kind of ["VIEW", "TABLE"]) {
    for (const object of objects) {
      if (object.kind === kind) await connection.run(`DROP ${kind} ${object.name}`);
    }
  }
}

async function readVersion(connection: DuckDBConnection): Promise<number | "empty" | "foreign"> {
  const names = await connection.runAndReadAll(
    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main'",
  );
  const found = names.getRowObjectsJS().map((row) => row["table_name"]);
  if (found.length === 0) return "empty";
  if (!found.includes("meta")) return "foreign";
  const meta = await connection.runAndReadAll("SELECT * FROM meta");
  const version = meta.getRowObjectsJS()[0]?.["schema_version"];
  return version === undefined || version === null ? "foreign" : Number(version);
}

function toOpenError(error: unknown, file: string): FleetsweepError {
  const text = error instanceof Error ? error.message : String(error);
  if (/set lock/i.test(text)) {
    return new FleetsweepError(
      "state.locked",
      `the projection ${file} is in use by another program (${/PID \d+/.exec(text)?.[0] ?? "unknown"})`,
      { cause: error },
    );
  }
  return new FleetsweepError(
    "state.unusable",
    `the projection ${file} cannot be opened: ${text}. If it is damaged, delete it: it is rebuilt from the log`,
    { cause: error },
  );
}
