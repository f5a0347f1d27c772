import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openProjection } from "../../coordinator/store/projection.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
beforeEach(async () => {
  directory = await makeTemporaryDirectory();
});
afterEach(async () => {
  await directory.remove();
});

/** Applies one endless log in batches of three entries, and says the cursor after each. */
function startWriter(file: string): ChildProcess {
  const url = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  const script = `
    import { writeSync } from "node:fs";
    import { openProjection } from ${url("../../coordinator/store/projection.ts")};
    import { result } from ${url("../../shared/testing/log-events.ts")};
    import { measured } from ${url("../../shared/testing/outcomes.ts")};
    const projection = await openProjection(${JSON.stringify(file)});
    writeSync(1, "cursor " + projection.cursor + "\\n");
    for (let seq = projection.cursor + 1; ; seq += 3) {
      await projection.apply([0, 1, 2].map((n) => ({
        seq: seq + n,
        event: result({ attemptId: "a" + (seq + n), outcome: measured() }),
        ignored: "unknown-sweep",
      })));
      writeSync(1, "cursor " + projection.cursor + "\\n");
    }
  `;
  return spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Resolves with all that was said when `lines` lines were, after `then`. */
async function listen(
  writer: ChildProcess,
  lines: number,
  then: () => Promise<void> | void,
): Promise<string[]> {
  let said = "";
  let reached = (): void => {};
  const enough = new Promise<void>((resolve) => {
    reached = resolve;
  });
  writer.stdout?.setEncoding("utf8");
  writer.stdout?.on("data", (text: string) => {
    said += text;
    if (said.split("\n").length > lines) reached();
  });
  const closed = new Promise((resolve) => writer.once("close", resolve));
  await enough;
  await then();
  writer.kill("SIGKILL");
  await closed;
  return said.split("\n").slice(0, -1);
}

test("a projection killed at any point holds exactly the rows up to its cursor, and every batch that resolved", async () => {
  const file = join(directory.path, "projection.duckdb");
  for (const lines of [2, 3, 9, 30]) {
    const writer = startWriter(file);
    const said = await listen(writer, lines, () => {});
    const lastSaid = Number(said.at(-1)?.split(" ")[1]);
    const projection = await openProjection(file);
    expect(projection.cursor).toBeGreaterThanOrEqual(lastSaid);
    const { cursor } = projection;
    await projection.close();
    const database = await DuckDBInstance.create(file);
    const connection = await database.connect();
    for (const table of ["results", "instances", "samples", "environments"]) {
      const counted = await connection.runAndReadAll(
        `SELECT count(*)::INT, count(DISTINCT seq)::INT, max(seq)::INT FROM ${table}`,
      );
      expect(counted.getRowsJS()).toEqual([[cursor, cursor, cursor]]);
    }
    connection.closeSync();
    database.closeSync();
  }
});

test("a projection that another program has open is refused by name", async () => {
  const file = join(directory.path, "projection.duckdb");
  const writer = startWriter(file);
  await listen(writer, 1, async () => {
    await expect(openProjection(file)).rejects.toMatchObject({
      code: "state.locked",
      message: expect.stringContaining(String(writer.pid)),
    });
  });
});
