import { once } from "node:events";
import { type Piece, type PieceReport, type Sums, sumKeys } from "./run-many.ts";
import { runSeed } from "./world.ts";

/** Some seeds in a program of its own: what a killed program of the simulation waits for is never freed. */
async function runPiece({ from, seeds, without, keep }: Piece): Promise<PieceReport> {
  const sums: Sums = { actions: 0, entries: 0, launches: 0, rollbacks: 0, simulatedMs: 0 };
  const failures: { seed: number; violation: string }[] = [];
  for (let seed = from; seed < from + seeds; seed += 1) {
    const report = await runSeed(seed, { without });
    for (const key of sumKeys) sums[key] += report[key];
    const [violation] = report.violations;
    if (violation === undefined) continue;
    failures.push({ seed, violation });
    if (!keep) break;
  }
  return { sums, failures };
}

const [piece] = (await once(process, "message")) as [Piece];
process.send?.(await runPiece(piece), () => process.disconnect());
