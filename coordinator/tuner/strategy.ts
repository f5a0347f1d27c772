import type { Study } from "./study.ts";

/** A way to choose trials. Pure: the same study gives the same answers. */
export interface Strategy {
  /** As the operator names it. */
  readonly name: string;
  /** For people, one line. */
  readonly summary: string;
  /** The next configuration to measure; null where no open one is left. */
  suggest(study: Study): number | null;
  /** The configuration to use, of those measured; null where none succeeded. */
  recommend(study: Study): number | null;
}
