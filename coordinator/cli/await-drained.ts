import type { Host__Output } from "../../proto/gen/fleetsweep/v1/Host.ts";
import type { ListHostsResponse__Output } from "../../proto/gen/fleetsweep/v1/ListHostsResponse.ts";
import { pause } from "../../shared/runtime/sleep.ts";
import { isLinkAway, type Operator, tryRedial } from "./operator-client.ts";

export interface DrainWait {
  readonly withinMs: number;
  /** Between two looks, in ms. */
  readonly pauseMs: number;
  readonly signal: AbortSignal;
  /** What the host does now, whenever that changes. */
  readonly onState: (state: string) => void;
}

/**
 * Waits until a host that is being drained measures nothing and holds no grant; through another coordinator, or
 * the same one started again, where the one that it asks goes away. Resolves with what is in the host's spool;
 * null where the time is over, the host was given work again or the signal aborted.
 */
export async function awaitDrained(
  operator: Pick<Operator, "ask" | "redial">,
  hostId: string,
  { withinMs, pauseMs, signal, onState }: DrainWait,
): Promise<{ readonly spoolDepth: number } | null> {
  const endMs = performance.now() + withinMs;
  let before = "";
  for (;;) {
    const host = await lookOrRedial(operator, hostId);
    if (host !== undefined) {
      const [word = ""] = host.state.split(": ");
      if (word === "drained") return host;
      if (word !== before) onState(word);
      before = word;
      if (!word.startsWith("draining")) return null;
    }
    if (signal.aborted || performance.now() >= endMs) return null;
    await pause(pauseMs, signal);
  }
}

/** Nothing where no coordinator answers now. */
async function lookOrRedial(
  operator: Pick<Operator, "ask" | "redial">,
  hostId: string,
): Promise<Host__Output | undefined> {
  try {
    return await lookUp(operator, hostId);
  } catch (error) {
    if (!isLinkAway(error)) throw error;
    await tryRedial(operator);
    return undefined;
  }
}

/** A page begins behind an id, so one that sorts just before the host's has the host among its first. */
async function lookUp(
  operator: Pick<Operator, "ask">,
  hostId: string,
): Promise<Host__Output | undefined> {
  for (let afterHostId = hostId.slice(0, -1); afterHostId < hostId; ) {
    const request = { paged: true, afterHostId };
    const { hosts, more } = await operator.ask<ListHostsResponse__Output>(
      (client, limits, answer) => client.listHosts(request, limits, answer),
    );
    const found = hosts.find((host) => host.hostId === hostId);
    const last = hosts.at(-1);
    if (found !== undefined || !more || last === undefined) return found;
    afterHostId = last.hostId;
  }
  return undefined;
}
