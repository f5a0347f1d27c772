import { once } from "node:events";
import { addTo, type Piece, type PieceReport, zeroSums } from "./run-many.ts";
import { runSeed } from "./world.ts";

/** Some seeds in a program of its own: what a killed program of the simulation waits for is never freed. */
async function runPiece({ from, seeds, without, keep }: Piece): Promise<PieceReport> {
  const sums = zeroSums();
  const failures: { seed: number; violation: string }[] = [];
  for (let seed = from; seed < from + seeds; seed += 1) {
    const report = await runSeed(seed, { without });
    addTo(sums, report);
    const [violation] = report.violations;
    if (violation === undefined) continue;
    failures.push({ seed, violation });
    if (!keep) break;
  }
  return { sums, failures };
}

const [piece] = (await once(process, "message")) as [Piece];
process.send?.(await runPiece(piece), () => process.disconnect());
