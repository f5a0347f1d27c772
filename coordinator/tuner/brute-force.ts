import type { Strategy } from "./strategy.ts";
import { knownConfigurations, lowest, observedMeans } from "./study.ts";

/** Every configuration once, in the space's order. */
export const bruteForce: Strategy = {
  name: "brute-force",
  summary: "every configuration once",
  suggest(study) {
    const known = knownConfigurations(study);
    for (let configuration = 0; configuration < study.encoded.size; configuration += 1) {
      if (!known.has(configuration)) return configuration;
    }
    return null;
  },
  recommend: (study) => lowest(observedMeans(study)),
};
