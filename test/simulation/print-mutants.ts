import { rm } from "node:fs/promises";
import { mutants } from "./mutants.ts";
import { copySources, runMutant } from "./run-mutant.ts";

/** `npm run sim:mutants [-- PART_OF_A_NAME]` prints which seed kills which mutant, and why. */
const [part = ""] = process.argv.slice(2);
const sources = await copySources();
try {
  for (const mutant of mutants.filter(({ name }) => name.includes(part))) {
    const verdict = await runMutant(sources, mutant, 1_000);
    const found =
      "killedBy" in verdict ? `seed ${verdict.killedBy}` : `SURVIVED ${verdict.survived}`;
    const because = "because" in verdict ? verdict.because : "";
    process.stdout.write(`| ${mutant.name} | ${found} | ${because} |\n`);
  }
} finally {
  await rm(sources, { recursive: true, force: true });
}
