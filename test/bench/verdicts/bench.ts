import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Ingest, report and comparison of sweeps with more and more results: tsx test/bench/verdicts/bench.ts
 * [results …]. Each phase is a process of its own.
 */
const sizes = process.argv.slice(2).map(Number);
const phaseFile = fileURLToPath(new URL("phase.ts", import.meta.url));
/** What a coordinator may take for its heap; DuckDB has 512 MB beside it. */
const heapMiB = 4_096;

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

const columns =
  "results | cells | ingest, results/s | file | read | traces | report | to JSON | compare | peak memory";
process.stdout.write(`| ${columns} |\n|${" --- |".repeat(10)}\n`);
for (const results of sizes.length > 0 ? sizes : [10_000, 100_000]) {
  const directory = mkdtempSync(join(tmpdir(), "fleetsweep-bench-"));
  try {
    const { perSecond, fileMiB } = run("ingest", directory, results);
    const found = run("answer", directory, results);
    const seconds = ["readS", "tracesS", "reportS", "partsS", "compareS"];
    const cells = [
      results,
      found["cells"],
      perSecond,
      `${fileMiB} MiB`,
      ...seconds.map((name) => `${found[name]?.toFixed(2)} s`),
      `${found["peakMiB"]} MiB`,
    ];
    process.stdout.write(`| ${cells.join(" | ")} |\n`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
