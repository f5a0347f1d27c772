import { z } from "zod";
import { FleetsweepError } from "../../shared/domain/errors.ts";

const value = z.union([z.string(), z.number(), z.null()]);
export type PublishedValue = z.infer<typeof value>;

/** One chart or table of a publication: a value for each column in every row. */
export interface PublishedTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly PublishedValue[])[];
  readonly constants: Readonly<Record<string, PublishedValue>>;
}

export interface PublishedHost {
  readonly cpu: string;
  readonly sockets: number;
  readonly coresPerSocket: number;
  readonly threadsPerCore: number;
  /** Everything that the publication says of the host. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A file of published figures. */
export interface PublishedDocument {
  readonly fileName: string;
  readonly host: PublishedHost;
  readonly software: Readonly<Record<string, string>>;
  readonly tables: readonly PublishedTable[];
}

const columns = z.array(z.string().min(1)).min(1).max(100);
const rows = z.array(z.array(value)).max(1_000_000);
const host = z.looseObject({
  cpu: z.string(),
  sockets: z.int().positive().max(64),
  cores_per_socket: z.int().positive().max(4096),
  threads_per_core: z.int().positive().max(16).default(1),
});
const software = z.record(z.string(), z.string()).default({});
const constants = z.record(z.string(), value).default({});

const oneTable = z.looseObject({
  schema: z.literal("fleetsweep.blog.table/1"),
  table: z.string().min(1),
  host,
  software,
  constants,
  columns,
  rows,
});

const severalTables = z.looseObject({
  schema: z.literal("fleetsweep.blog.tables/1"),
  host,
  software,
  tables: z.record(z.string(), z.looseObject({ constants, columns, rows })),
});

const document = z.discriminatedUnion("schema", [oneTable, severalTables]);

/**
 * Reads a file of published figures: `fleetsweep.blog.table/1` holds one table, `…tables/1` several.
 * @throws FleetsweepError config.invalid with every problem and its place.
 */
export function parsePublished(text: string, fileName: string): PublishedDocument {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new FleetsweepError("config.invalid", `${fileName} is no JSON: ${String(error)}`);
  }
  const parsed = document.safeParse(json);
  if (!parsed.success) {
    throw new FleetsweepError("config.invalid", `${fileName}: ${z.prettifyError(parsed.error)}`);
  }
  const { data } = parsed;
  const tables =
    data.schema === "fleetsweep.blog.table/1"
      ? [{ name: data.table, ...pickTable(data) }]
      : Object.entries(data.tables).map(([name, table]) => ({ name, ...pickTable(table) }));
  for (const table of tables) checkWidths(table, fileName);
  return {
    fileName,
    host: {
      cpu: data.host.cpu,
      sockets: data.host.sockets,
      coresPerSocket: data.host.cores_per_socket,
      threadsPerCore: data.host.threads_per_core,
      facts: data.host,
    },
    software: data.software,
    tables,
  };
}

function pickTable(table: Omit<PublishedTable, "name">): Omit<PublishedTable, "name"> {
  return { columns: table.columns, rows: table.rows, constants: table.constants };
}

function checkWidths(
  { name, columns: names, rows: found }: PublishedTable,
  fileName: string,
): void {
  const wrong = found.findIndex((row) => row.length !== names.length);
  if (wrong < 0) return;
  const what = `${found[wrong]?.length} values, the table has ${names.length} columns`;
  throw new FleetsweepError("config.invalid", `${fileName}, ${name}, row ${wrong + 1}: ${what}`);
}

/** A row by the names of its columns. */
export type PublishedRow = Readonly<Record<string, PublishedValue>>;

export function rowsByColumn({ columns: names, rows: found }: PublishedTable): PublishedRow[] {
  return found.map((row) =>
    Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])),
  );
}
