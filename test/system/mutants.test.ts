import { expect, test } from "vitest";
import { mutants } from "../simulation/mutants.ts";
import { runMutant } from "../simulation/run-mutant.ts";

/** How many seeds are tried where a mutant's own does not show it any more. */
const seeds = 400;

test.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
  "a simulated fleet catches a program that %s",
  async (_name, mutant) => {
    expect(await runMutant(mutant, seeds)).toHaveProperty("killedBy");
  },
);
