import type { UsableCore } from "../host-cores.ts";
import { type PlacementKind, refuseInstances, refuseSinglePackage } from "../placement-kind.ts";

/**
 * The part of the host that serves requests of one length. On the 2 x 24 cores of the published
 * experiment: 8 cores for sequences up to 32 tokens, 16 for 128, the second package from 384 on.
 */
export type DispatchRoute = "short" | "medium" | "long";

/** The smallest lengths, in tokens, of the medium and the long route. */
const firstMedium = 128;
const firstLong = 384;

/** The route of a sequence length in tokens. */
export function routeOf(sequenceLength: number): DispatchRoute {
  if (sequenceLength < firstMedium) return "short";
  return sequenceLength < firstLong ? "medium" : "long";
}

const pattern = /^smart-dispatch-(short|medium|long)$/;

export const smartDispatch: PlacementKind = {
  name: "smart-dispatch",
  summary:
    "one instance sized by sequence length: under 128 tokens a third of the first package, under 384 its other two thirds, else the second package; a plan shows it as `smart-dispatch-short`, `-medium` or `-long`",
  matches: (name) => name === "smart-dispatch" || pattern.test(name),
  layOut(host, request) {
    const refused = refuseSinglePackage(host) ?? refuseInstances(request, 1);
    if (refused !== null) return refused;
    const route = pattern.exec(request.name)?.[1];
    if (route === undefined) return { refused: "smart-dispatch needs a sequence length" };
    const cores = routeCores(host.packages[0]?.cores ?? [], host.packages[1]?.cores ?? [], route);
    if (cores.length === 0)
      return { refused: "the first socket has too few cores to divide in three" };
    if (request.cores !== "all" && request.cores !== cores.length) {
      return { refused: `smart-dispatch gives ${cores.length} cores to this length` };
    }
    return { instances: [cores] };
  },
};

function routeCores(
  first: readonly UsableCore[],
  second: readonly UsableCore[],
  route: string,
): readonly UsableCore[] {
  const third = Math.floor(first.length / 3);
  if (route === "short") return first.slice(0, third);
  return route === "medium" ? first.slice(third, third === 0 ? 0 : first.length) : second;
}
