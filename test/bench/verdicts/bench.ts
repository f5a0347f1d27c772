import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { growthTable, type Measured, memoryTable, timeTable } from "./tables.ts";

/**
 * Ingest, report, page and comparison of sweeps with more and more results: tsx test/bench/verdicts/bench.ts
 * [results …]. Each phase is a process of its own.
 */
const sizes = process.argv.slice(2).map(Number);
const phaseFile = fileURLToPath(new URL("phase.ts", import.meta.url));
/** What a coordinator may take for its heap; DuckDB has 512 MB beside it. */
const heapMiB = 4_096;
/** Larger sweeps take minutes, and are measured once. */
const largest = { repeated: 200_000, times: 3 } as const;

type Figures = Readonly<Record<string, number>>;

function run(phase: string, directory: string, results: number): Figures {
  const heap = phase === "ingest" ? 3 * heapMiB : heapMiB;
  const command = [`--max-old-space-size=${heap}`, "--import", "tsx", phaseFile];
  const out = execFileSync(process.execPath, [...command, phase, directory, String(results)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(out) as Figures;
}

function measure(results: number): Figures {
  const directory = mkdtempSync(join(tmpdir(), "fleetsweep-bench-"));
  try {
    const { peakMiB: ingestMiB = 0, ...ingest } = run("ingest", directory, results);
    const { peakMiB: reportMiB = 0, ...report } = run("report", directory, results);
    const { peakMiB: compareMiB = 0, ...compare } = run("compare", directory, results);
    return { ...ingest, ...report, ...compare, ingestMiB, reportMiB, compareMiB };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const measured: Measured[] = [];
for (const results of sizes.length > 0 ? sizes : [10_000, 100_000]) {
  const times = results > largest.repeated ? 1 : largest.times;
  const runs: Figures[] = [];
  for (let time = 0; time < times; time += 1) runs.push(measure(results));
  measured.push({ results, runs });
  process.stderr.write(`${results} results measured ${times} ${times === 1 ? "time" : "times"}\n`);
}
for (const table of [timeTable, memoryTable, growthTable])
  process.stdout.write(`${table(measured)}\n`);
