import fc from "fast-check";
import type { HostPlan, NodePlan, PackagePlan } from "./host-tree.ts";

/** Shapes without ids: threads of each core, of each NUMA node, of each package. */
const packageShapes = fc.array(
  fc.array(fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 3,
  }),
  { minLength: 1, maxLength: 4 },
);

/**
 * Hosts with uneven packages, sparse ids of nodes and packages, PU numbers beyond 1024, memory-only
 * nodes, SMT on some cores only, and offline PUs; at least one PU stays online.
 */
export const hostPlans: fc.Arbitrary<HostPlan> = fc
  .record({
    shapes: packageShapes,
    puGap: fc.integer({ min: 1, max: 40 }),
    firstPu: fc.constantFrom(0, 0, 7, 1023, 1500),
    idGap: fc.integer({ min: 1, max: 9 }),
    memoryOnly: fc.integer({ min: 0, max: 2 }),
    offline: fc.array(fc.nat(), { maxLength: 6 }),
    naming: fc.constantFrom("old" as const, "new" as const),
    format: fc.constantFrom("lists" as const, "masks" as const),
  })
  .map(({ shapes, puGap, firstPu, idGap, memoryOnly, offline, naming, format }) => {
    const numbers = makeCounter(firstPu, puGap);
    const nodeIds = makeCounter(0, idGap);
    const packages = shapes.map(
      (nodes, index): PackagePlan => ({
        id: index * idGap,
        numaNodes: nodes.map(
          (cores): NodePlan => ({
            id: nodeIds(),
            memoryKiB: 1024 * (1 + index),
            cores: cores.map((threads) => Array.from({ length: threads }, () => numbers())),
          }),
        ),
      }),
    );
    const all = packages.flatMap((set) => set.numaNodes.flatMap((node) => node.cores.flat()));
    const near = packages[0]?.numaNodes[0]?.id ?? 0;
    return {
      packages,
      memoryOnly: Array.from({ length: memoryOnly }, () => ({ id: nodeIds(), near })),
      offline: offline.map((pick) => all[pick % all.length] ?? 0).filter((pu) => pu !== all[0]),
      naming,
      format,
    };
  });

function makeCounter(first: number, gap: number): () => number {
  let next = first - gap;
  return () => {
    next += gap;
    return next;
  };
}
