import type { KnobHost } from "../../agent/knobs/knob.ts";
import type { CatalogueEntry } from "../../agent/runners/catalogue-entry.ts";
import { plainKnobHost } from "../../shared/testing/knob-host.ts";
import { makeTopology } from "../../shared/testing/topologies.ts";

/** The smallest host on which a cell can be placed, with a runner that computes nothing. */
export const smallHost = makeTopology({ packages: 1, nodesPerPackage: 1, coresPerNode: 2 });

export const noopKnobHost: KnobHost = plainKnobHost;

export const noopCatalogue: readonly CatalogueEntry[] = [
  {
    declaration: {
      name: "noop",
      version: "noop 1",
      unavailable: null,
      modes: ["default"],
      dtypes: ["fp32"],
      models: ["nothing"],
      parameters: {},
      knobs: [],
    },
    argv: ["noop"],
    models: { nothing: { kind: "built-in" } },
  },
];
