// A search beside its brute force, on the programs themselves and on this host: every configuration of a
// tune's file is measured, then the search runs from several seeds on the same fleet.
// `npm run bench:tune [-- SEEDS [FILE]]`; results go into README.md beside. Huge pages need root. Launches
// that neighbours disturbed count (`noise: flag`): without them, a small host has holes in its table.
import { readFile, writeFile } from "node:fs/promises";
import type { TuneReport } from "../../coordinator/logic/tune/tune-report.ts";
import { strategies } from "../../coordinator/tuner/strategies.ts";
import { median, quantile } from "../../shared/stats/quantile.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { fleetsweep, startUp } from "../system/fleet.ts";
import { parseReplayTable } from "./tuner/replay-table.ts";
import { replayTune } from "./tuner/replay-tune.ts";

const seeds = Number(process.argv[2] ?? 2);
const example = process.argv[3] ?? "examples/tune-pytorch.yaml";
const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const percent = (part: number): string => `${(100 * part).toFixed(2)} %`;

interface Run {
  readonly id: string;
  readonly wallSeconds: number;
}

/** Runs one tune to its end. */
async function tune(state: string, ...words: string[]): Promise<Run> {
  const started = performance.now();
  const { code, stdout, stderr } = await fleetsweep(state, "tune", file, ...words);
  const id = /\b[0-9A-HJKMNP-TV-Z]{26}\b/.exec(stdout + stderr)?.[0];
  if (code !== 0 || id === undefined) throw new Error(`tune ended with ${code}: ${stderr}`);
  return { id, wallSeconds: (performance.now() - started) / 1_000 };
}

async function reportOf(state: string, id: string): Promise<TuneReport> {
  const { stdout } = await fleetsweep(state, "tune-report", id, "-o", "json");
  return JSON.parse(stdout) as TuneReport;
}

function describe({ trials, bruteForce, recommended }: TuneReport): string {
  const gap = bruteForce === null ? "no brute force to compare with" : percent(bruteForce.gap);
  const { cell = {}, values = [] } = recommended ?? {};
  return `${trials.length} trials, gap ${gap}, measured ${values[0]}: ${JSON.stringify(cell)}`;
}

/** The measured table, tuned again from many seeds at no cost: the gap to its best after so many trials. */
function replayed({ trials }: TuneReport, budget: number): string {
  const rows = trials.flatMap(({ cell, values: [ms] }) => {
    const { cores, allocator, openmp, thp, kmp_blocktime } = cell;
    const named = { cores, allocator, openmp: openmp === "gnu" ? "gomp" : "iomp", thp };
    return ms == null ? [] : [{ ...named, kmp_blocktime, observed_ms: [ms] }];
  });
  const table = parseReplayTable(JSON.stringify({ rows }));
  const [strategy] = strategies;
  if (strategy === undefined) throw new Error("no strategy");
  const best = Math.min(...rows.map(({ observed_ms: [ms = Number.NaN] }) => ms));
  const gaps = Array.from({ length: 50 }, (_, seed) => {
    const { recommendation } = replayTune(table, { seed, trials: budget, strategy });
    const row = rows.find((some) =>
      Object.entries(recommendation).every(([axis, value]) => some[axis as "thp"] === value),
    );
    return 100 * ((row?.observed_ms[0] ?? Number.NaN) / best - 1);
  });
  const spread = [median(gaps), quantile(gaps, 0.95), Math.max(...gaps)];
  return spread.map((gap) => gap.toFixed(2)).join(" / ");
}

const directory = await makeTemporaryDirectory();
const state = `${directory.path}/state`;
const file = `${directory.path}/tune.yaml`;
const settings = await readFile(example, "utf8");
if (!/^method:$/m.test(settings)) throw new Error(`${example}: no method to set the noise of`);
await writeFile(file, settings.replace(/^method:$/m, "method:\n  noise: flag"));
const up = await startUp(state);
try {
  const everything = ["--strategy", "brute-force", "--no-stop-early", "--trials", "10000"];
  const brute = await tune(state, ...everything, "--no-confirm");
  const full = await reportOf(state, brute.id);
  const usable = full.trials.filter((trial) => trial.state === "ok").length;
  print(
    `brute force: ${usable} of ${full.trials.length} usable, ${brute.wallSeconds.toFixed(0)} s`,
  );
  print((await fleetsweep(state, "tune-report", brute.id)).stdout);
  for (const budget of [5, 10, 15, 20]) {
    print(`replayed, 50 seeds, ${budget} trials: gap % ${replayed(full, budget)} (median/p95/max)`);
  }
  for (let seed = 1; seed <= seeds; seed += 1) {
    const search = await tune(state, "--seed", String(seed), "--no-confirm");
    const share = percent(search.wallSeconds / brute.wallSeconds);
    const found = describe(await reportOf(state, search.id));
    print(`seed ${seed}: ${search.wallSeconds.toFixed(0)} s (${share} of brute force), ${found}`);
  }
  const confirmed = await tune(state);
  print(`with the last comparison: ${confirmed.wallSeconds.toFixed(0)} s`);
  print((await fleetsweep(state, "tune-report", confirmed.id)).stdout);
} finally {
  up.child.kill("SIGINT");
  await up.ended;
  await directory.remove();
}
