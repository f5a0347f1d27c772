import { arrivalPatterns } from "../../../shared/domain/arrival.ts";
import type { RunnerKind } from "../catalogue-entry.ts";
import { siblingProgram } from "../program.ts";

/** A program that speaks the contract and computes nothing; see `workload.ts`. */
export const noopRunner: RunnerKind = {
  name: "noop",
  declare: (config) =>
    Promise.resolve([
      {
        declaration: {
          name: "noop",
          version: "noop 1",
          unavailable: null,
          modes: ["default"],
          dtypes: ["fp32"],
          models: ["nothing"],
          parameters: {
            call_us: { type: "integer", min: 1, max: 60_000_000, default: 1_000 },
          },
          knobs: [],
          arrivals: arrivalPatterns,
        },
        argv: siblingProgram(import.meta.url, config.nodePath),
        models: { nothing: { kind: "built-in" } },
      },
    ]),
};
