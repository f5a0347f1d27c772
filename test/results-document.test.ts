import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { exportSchema, exportTables } from "../coordinator/store/export-tables.ts";
import { openDatabase } from "../coordinator/store/open-database.ts";
import { makeTemporaryDirectory } from "../shared/testing/temporary-directory.ts";

test("docs/results.md has the columns of every export, in their order", async () => {
  const directory = await makeTemporaryDirectory();
  onTestFinished(() => directory.remove());
  const { instance, connection } = await openDatabase(join(directory.path, "db.duckdb"));
  onTestFinished(() => instance.closeSync());
  const text = readFileSync("docs/results.md", "utf8");
  expect(text).toContain(exportSchema);
  for (const [name, table] of Object.entries(exportTables)) {
    const described = await connection.runAndReadAll(`DESCRIBE ${table.query("'x'")}`);
    const columns = described.getRowObjectsJS().map((row) => `\`${row["column_name"] as string}\``);
    const line = text.split("\n").find((row) => row.startsWith(`| \`${name}\` |`));
    expect(line?.split("|")[3]?.trim()).toBe(columns.join(" "));
  }
});
