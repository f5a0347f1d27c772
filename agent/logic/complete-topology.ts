import type { Dimm, Topology } from "../../shared/domain/topology.ts";

/** What the operating system and its tools say of themselves and the board. No serial numbers. */
export interface SystemFacts {
  readonly osName: string | null;
  /** Named as in {@link Topology} `system.dmi`; null where no tool may read it. */
  readonly dmi: Readonly<Record<string, string>> | null;
  readonly dimms: readonly Dimm[] | null;
}

/** Adds the facts where sysfs says nothing: what the kernel itself says is never overruled. */
export function completeTopology(topology: Topology, facts: SystemFacts): Topology {
  const { system } = topology;
  return {
    ...topology,
    system: {
      ...system,
      osName: facts.osName,
      dmi: system.dmi ?? facts.dmi,
      dimms: system.dimms ?? facts.dimms,
    },
  };
}
