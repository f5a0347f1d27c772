import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mutants } from "../simulation/mutants.ts";
import { copySources, runMutant } from "../simulation/run-mutant.ts";

/** How many seeds are tried where a mutant's own does not show it any more. */
const seeds = 400;

let sources: string;

beforeAll(async () => {
  sources = await copySources();
});
afterAll(() => rm(sources, { recursive: true, force: true }));

test.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
  "a simulated fleet catches a program that %s",
  async (_name, mutant) => {
    expect(await runMutant(sources, mutant, seeds)).toHaveProperty("killedBy");
  },
);
