import { type Facet, fingerprint, firstDifferingFacet } from "../../shared/domain/fingerprint.ts";
import { groupBy } from "../../shared/domain/group-by.ts";
import { countOf, printable } from "../../shared/domain/text-layout.ts";
import { formatDuration } from "../plan-view/format-duration.ts";
import type { ListedHost } from "./hosts-table.ts";

/** What is to be said below a list of hosts: who is not at work, who is away, who is odd. */
export function explainHosts(hosts: readonly ListedHost[], nowMs: number): string[] {
  return [
    ...explainStates(hosts),
    ...explainAway(hosts, nowMs),
    ...explainPeers(hosts),
    ...explainClasses(hosts),
    ...explainReturn(hosts),
  ];
}

/** A sentence for every coordinator that was not asked and hears hosts which the asked one does not. */
export function explainPeers(hosts: readonly ListedHost[]): string[] {
  const heard = hosts.filter(({ heardBy, state }) => heardBy !== "" && !isAway(state));
  return [...groupBy(heard, ({ heardBy }) => heardBy)].map(([peer, some]) =>
    printable(`heard by coordinator ${peer}, not by this one: ${nameSome(some)}`),
  );
}

const shownHosts = 8;

/** Of a large fleet, as many as a line or two have room for. */
function nameSome(
  hosts: readonly ListedHost[],
  name = ({ hostId }: ListedHost): string => hostId,
): string {
  const shown = hosts.slice(0, shownHosts).map(name);
  const more = hosts.length > shownHosts ? ` and ${hosts.length - shownHosts} more` : "";
  return `${shown.join(", ")}${more}`;
}

/** Of a state such as `away`, or `cordoned, away: the reason`. */
export function isAway(state: string): boolean {
  return (state.split(": ")[0] ?? "").split(", ").includes("away");
}

/** A sentence for every reason why hosts are not at work. */
export function explainStates(hosts: readonly ListedHost[]): string[] {
  const idle = hosts.filter(({ state }) => state.includes(": "));
  return [...groupBy(idle, wordsOf)].map(([words, some]) =>
    printable(`${nameSome(some)} ${some.length === 1 ? "is" : "are"} ${words}`),
  );
}

/** That the fleet itself took a host out of service is news to its operator. */
function wordsOf({ state, cordonBy }: ListedHost): string {
  if (cordonBy !== "coordinator") return state;
  return state.replace(": ", ", as a coordinator decided: ");
}

/** For how long nobody has heard the hosts that are away, and what is in their spools yet. */
export function explainAway(hosts: readonly ListedHost[], nowMs: number): string[] {
  const away = hosts.filter(({ state, lastSeenMs }) => isAway(state) && lastSeenMs > 0);
  if (away.length === 0) return [];
  const some = nameSome(away, ({ hostId, lastSeenMs, spoolDepth }) => {
    const kept = spoolDepth === 0 ? "" : ` (${countOf(spoolDepth, "result")} in its spool)`;
    return `${hostId} for ${formatDuration((nowMs - lastSeenMs) / 1_000)}${kept}`;
  });
  return [printable(`not heard: ${some}`)];
}

/** How those that get no work get it again. */
export function explainReturn(hosts: readonly ListedHost[]): string[] {
  const [first] = hosts.filter(({ cordonMode }) => cordonMode !== "");
  if (first === undefined) return [];
  const { hostId, cordonMode, cordonBy } = first;
  const verb = cordonMode === "drain" && cordonBy === "operator" ? "undrain" : "uncordon";
  return [printable(`\`fleetsweep ${verb} ${hostId}\` gives it work again`)];
}

/**
 * A sentence for every class but the largest: the first facet in which it differs from that one, with
 * both values. Empty where all hosts are of one class.
 */
export function explainClasses(hosts: readonly ListedHost[]): string[] {
  const [largest, ...others] = [...groupByClass(hosts)].sort(([, a], [, b]) => b.length - a.length);
  if (largest === undefined) return [];
  const [largestClass, members] = largest;
  return others.flatMap(([name, odd]) => {
    const difference = firstDifferingFacet(facetsOf(odd), facetsOf(members));
    if (difference === null) return [];
    const { name: facet, a, b } = difference;
    return [
      printable(
        `${name} (${odd.map(({ hostId }) => hostId).join(", ")}) differs from ${largestClass} in ${facet}: ${a}, not ${b}`,
      ),
    ];
  });
}

/** Of a host whose facts nobody has said yet there is nothing to compare. */
function groupByClass(hosts: readonly ListedHost[]): ReadonlyMap<string, readonly ListedHost[]> {
  const known = hosts.filter(({ hostClass }) => hostClass !== "");
  return groupBy(known, ({ hostClass }) => hostClass);
}

function facetsOf([first]: readonly ListedHost[]): readonly Facet[] {
  return first === undefined ? [] : fingerprint(first.topology);
}
