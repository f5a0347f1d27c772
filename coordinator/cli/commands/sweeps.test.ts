import { expect, test } from "vitest";
import { runCli } from "../../../shared/cli/run-cli.ts";
import { captureIo } from "../../../shared/testing/capture-io.ts";
import { serveOperators } from "../../../test/support/operator-server.ts";
import type { SweepSummary } from "../../logic/summary.ts";
import { commands } from "../registry.ts";

/** Each over a fleet whose host ids fill a quarter of a page. */
const hostIds = Array.from({ length: 2_500 }, (_, n) => `${n}`.padStart(100, "h"));

function summary(sweepId: string): SweepSummary {
  const cells = { total: 4, ok: 3, failed: 1, quarantined: 0, running: 0 };
  const counts = { orphans: 0, failedLaunches: 0, cells };
  const named = { sweepId, name: "n", state: "done", cancelReason: null } as const;
  return { ...named, ...counts, hostIds, submittedAtMs: 0 };
}

/** A coordinator of 130 sweeps. */
async function serve() {
  const ids = Array.from({ length: 130 }, (_, n) => `s${130 - n}`);
  let asked = 0;
  const address = await serveOperators({
    summaries: (before) => {
      asked += 1;
      return ids.slice(ids.indexOf(before) + 1).map(summary);
    },
  });
  return async (...argv: readonly string[]) => {
    asked = 0;
    const { io, result } = captureIo();
    const words = ["sweeps", ...argv, "--coordinator", address];
    await runCli({ description: "test", commands }, words, io);
    return { ...result, asked };
  };
}

const listedIn = (json: string): string[] =>
  (JSON.parse(json) as { sweep_id: string }[]).map(({ sweep_id }) => sweep_id);

test("the newest sweeps are listed, the newest last, and that there are older ones is said", async () => {
  const run = await serve();
  const usual = await run();
  expect(usual.out.trim().split("\n")).toHaveLength(1 + 100);
  expect(usual.out.trim().split("\n").at(-1)).toMatch(/^s130 .* 2500 hosts$/);
  expect(usual.talk).toBe("there are older sweeps; --limit 0 lists all\n");
  const two = await run("--limit", "2", "-o", "json");
  expect([listedIn(two.out), two.asked]).toEqual([["s129", "s130"], 1]);
});

test("all of them come page by page, each once, however long they are", async () => {
  const run = await serve();
  const all = await run("--limit", "0", "-o", "json");
  expect(listedIn(all.out)).toEqual(Array.from({ length: 130 }, (_, n) => `s${n + 1}`));
  expect(all.talk).toBe("");
  expect(all.asked).toBeGreaterThan(30);
});

test("a limit that is no number is refused", async () => {
  const run = await serve();
  const refused = await run("--limit", "many");
  expect(refused).toMatchObject({
    code: 2,
    talk: 'fleetsweep: --limit: "many" is no number of sweeps\n',
  });
});
