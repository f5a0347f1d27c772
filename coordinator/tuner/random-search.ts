import { seededOrder } from "../../shared/domain/seeded-order.ts";
import type { Strategy } from "./strategy.ts";
import { knownConfigurations, lowest, observedMeans } from "./study.ts";

/** Every configuration once, in a seeded random order. */
export const randomSearch: Strategy = {
  name: "random",
  summary: "configurations in random order, none twice",
  suggest(study) {
    const known = knownConfigurations(study);
    const all = Array.from({ length: study.encoded.size }, (_, configuration) => configuration);
    const order = seededOrder(all, String, study.seed);
    return order.find((configuration) => !known.has(configuration)) ?? null;
  },
  recommend: (study) => lowest(observedMeans(study)),
};
