import { spawn } from "node:child_process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSpool } from "../../agent/link/spool.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
beforeEach(async () => {
  directory = await makeTemporaryDirectory();
});
afterEach(async () => {
  await directory.remove();
});

/** Puts for ever, four at a time, releases every fifth, and says what resolved. */
function writerScript(prefix: string): string {
  const url = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  return `
    import { writeSync } from "node:fs";
    import { openSpool } from ${url("../../agent/link/spool.ts")};
    import { result } from ${url("../../shared/testing/log-events.ts")};
    import { measured } from ${url("../../shared/testing/outcomes.ts")};
    const spool = await openSpool(${JSON.stringify(directory.path)});
    let n = 0;
    const put = async () => {
      for (;;) {
        n += 1;
        const attemptId = "${prefix}-" + n;
        const release = n % 5 === 0;
        await spool.put(result({ attemptId, outcome: measured() }).result);
        writeSync(1, "put " + attemptId + "\\n");
        if (release) {
          writeSync(1, "removing " + attemptId + "\\n");
          await spool.remove([attemptId]);
          writeSync(1, "removed " + attemptId + "\\n");
        }
      }
    };
    await Promise.all([put(), put(), put(), put()]);
  `;
}

/** Runs the writer until it has said `lines` lines, kills it at once, and returns what it said. */
async function runAndKill(prefix: string, lines: number): Promise<readonly string[]> {
  const writer = spawn(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "-e", writerScript(prefix)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let said = "";
  writer.stdout.setEncoding("utf8");
  writer.stdout.on("data", (text: string) => {
    said += text;
    if (said.split("\n").length > lines) writer.kill("SIGKILL");
  });
  await new Promise((resolve) => writer.once("close", resolve));
  // The last line may be cut: then it was not said.
  return said.split("\n").slice(0, -1);
}

test("a writer killed at any point loses no result whose put resolved, and brings back none that was released", async () => {
  const put = new Set<string>();
  const removing = new Set<string>();
  const removed = new Set<string>();
  for (const [round, lines] of [1, 2, 3, 7, 20, 45, 100].entries()) {
    for (const line of await runAndKill(`r${round}`, lines)) {
      const [word, attemptId = ""] = line.split(" ");
      if (word === "put") put.add(attemptId);
      if (word === "removing") removing.add(attemptId);
      if (word === "removed") removed.add(attemptId);
    }
    const spool = await openSpool(directory.path);
    const kept = new Set(spool.pending());
    const lost = [...put].filter((attemptId) => !kept.has(attemptId) && !removing.has(attemptId));
    expect(lost).toEqual([]);
    expect([...removed].filter((attemptId) => kept.has(attemptId))).toEqual([]);
    for (const attemptId of kept) expect((await spool.read(attemptId))?.attemptId).toBe(attemptId);
    // At most the four writes in flight can be torn by one death.
    expect(spool.torn.length).toBeLessThanOrEqual(4);
  }
  expect(put.size).toBeGreaterThan(100);
});
