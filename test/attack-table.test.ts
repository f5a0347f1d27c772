import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** The table of docs/security.md: every attack has its test, and a line of the audit trail or the reason for none. */
const root = new URL("../", import.meta.url);
const text = readFileSync(new URL("docs/security.md", root), "utf8");
const [, section = ""] = text.split("## Attacks, and how each is held");
const rows = section
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| ---"))
  .map((line) => line.slice(2, -2).split(" | "))
  .slice(1);

/** Actions that the trail knows, or words that stand for the very call that was refused. */
const audited = /^(the call|the first 20|`(Handshake|Attach|Enrol|SubmitSweep)`)/;

test("every attack of the table is held by something, and nothing went from the table", () => {
  expect(rows).toHaveLength(22);
  for (const row of rows) {
    expect([row[0], row.length]).toEqual([row[0], 4]);
    expect(row.filter((cell) => cell.trim() === "")).toEqual([]);
  }
});

test.each(rows)("%s: its tests are there", (_attack, _by, tests = "") => {
  const files = [...tests.matchAll(/`([^`]+\.test\.ts)`/g)].map(([, file]) => file ?? "");
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((file) => !existsSync(fileURLToPath(new URL(file, root))))).toEqual([]);
});

test("most attacks leave a line in the audit trail, and where one leaves none the table says why", () => {
  const lines = rows.map(([, , , line = ""]) => line);
  const without = lines.filter((line) => !audited.test(line));
  for (const line of without) expect(line).toMatch(/^none: \S.{10,}/);
  expect([lines.length - without.length, without.length]).toEqual([14, 8]);
});
