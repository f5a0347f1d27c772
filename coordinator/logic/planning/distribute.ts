import type { Method } from "../../../shared/domain/method.ts";
import type { SweepSpec } from "../sweep-spec.ts";
import { estimateGroup } from "./estimate.ts";
import { hostClassKey } from "./host-class.ts";
import type { HostOutline } from "./outline-host.ts";

/**
 * Who measures what. `replicate`: every host measures all its cells. `partition`: hosts of one class
 * share the cells out, each measured by `replicas` of them: longest expected first, to the host with
 * least so far (Graham's LPT rule: at most a third above the shortest possible). Such a host's shards may
 * be moved to class mates that measure none of its cells; with `replicate` the host is a factor, and
 * nothing moves.
 */
export function distribute(
  outlines: readonly HostOutline[],
  spec: SweepSpec,
): readonly HostOutline[] {
  if (spec.hosts.distribute === "replicate") return outlines;
  const classes = new Map<string, HostOutline[]>();
  for (const outline of outlines) {
    const key = hostClassKey(outline.host);
    classes.set(key, [...(classes.get(key) ?? []), outline]);
  }
  const shared = new Map<HostOutline, HostOutline>();
  for (const members of classes.values()) {
    for (const [index, outline] of shareOut(members, spec).entries()) {
      const original = members[index];
      if (original !== undefined) shared.set(original, outline);
    }
  }
  return outlines.map((outline) => shared.get(outline) ?? outline);
}

function shareOut(members: readonly HostOutline[], spec: SweepSpec): readonly HostOutline[] {
  const [first] = members;
  if (first === undefined) return [];
  const bins = members.map(() => ({ seconds: 0, positions: [] as number[] }));
  const replicas = Math.min(spec.hosts.replicas, members.length);
  for (const { position, seconds } of longestFirst(first, spec.method)) {
    const least = [...bins].sort((a, b) => a.seconds - b.seconds).slice(0, replicas);
    for (const bin of least) {
      bin.seconds += seconds;
      bin.positions.push(position);
    }
  }
  return members.map((member, index) => ({
    ...member,
    movableTo: members
      .filter((_, other) => isDisjoint(bins[index]?.positions, bins[other]?.positions))
      .map(({ host }) => host.hostId),
    // A host's own outline, for its PU numbers may differ from those of its class mates.
    groups: (bins[index]?.positions ?? [])
      .sort((a, b) => a - b)
      .flatMap((position) => member.groups[position] ?? []),
  }));
}

function isDisjoint(mine: readonly number[] = [], others: readonly number[] = []): boolean {
  const taken = new Set(mine);
  return !others.some((position) => taken.has(position));
}

function longestFirst(
  outline: HostOutline,
  method: Method,
): readonly { readonly position: number; readonly seconds: number }[] {
  return outline.groups
    .map((group, position) => ({ position, seconds: estimateGroup(group, method) }))
    .sort((a, b) => b.seconds - a.seconds || a.position - b.position);
}
