import { z } from "zod";
import { list, logLimits, nonNegative, record, text, textOf, token } from "./log-values.ts";
import { toWire, wireObject, wireVariants } from "./wire-object.ts";

/**
 * What coordinators of one log tell each other.
 * - `sightings`: which hosts the sender knows, some of them at a time; none, where it only says that it is there.
 * - `facts-wanted`: the sender of a sighting is asked what the host is.
 * - `facts`: the answer, for whoever wants it.
 */
export type PeerWord = SightingsWord | FactsWantedWord | FactsWord;

interface FromPeer {
  /** Random for every start of a coordinator. */
  readonly from: string;
}

export interface SightingsWord extends FromPeer {
  readonly type: "sightings";
  /** Where the sender listens, for people. */
  readonly address: string;
  readonly sightings: readonly Sighting[];
}

export interface FactsWantedWord extends FromPeer {
  readonly type: "facts-wanted";
  /** The coordinator that is asked. */
  readonly of: string;
  readonly hostId: string;
}

export interface FactsWord extends FromPeer {
  readonly type: "facts";
  readonly hostId: string;
  readonly factsId: string;
  readonly agentVersion: string;
  readonly topologyJson: string;
  readonly runners: readonly { readonly name: string; readonly declarationJson: string }[];
  readonly labels: Readonly<Record<string, string>>;
}

/** One host as one coordinator hears it. */
export interface Sighting {
  readonly hostId: string;
  /** Of the facts; empty where it is not known yet. */
  readonly factsId: string;
  readonly connected: boolean;
  /** It takes work of that coordinator. */
  readonly ready: boolean;
  readonly state: string;
  readonly refusal: string | null;
  readonly spoolDepth: number;
  readonly spoolBytes: number;
  /** How long ago it was heard: no two clocks agree. */
  readonly seenAgoMs: number;
  readonly progress: SeenProgress | null;
}

export interface SeenProgress {
  readonly sweepId: string;
  readonly cellId: string;
  readonly launch: number;
  readonly phase: string;
}

export const peerLimits = {
  /** Hosts in one word: at some 400 bytes each far below the 1 MiB that a nats-server takes by default. */
  sightings: 512,
  /** As long as a message of an agent may be. */
  factsChars: 4 * 1024 * 1024,
} as const;

const count = z.int().nonnegative();
const progress = wireObject({
  sweepId: textOf(512),
  cellId: textOf(512),
  launch: count,
  phase: textOf(256),
});
const sighting = wireObject({
  hostId: token,
  factsId: textOf(128),
  connected: z.boolean(),
  ready: z.boolean(),
  state: text,
  refusal: text.nullable(),
  spoolDepth: count,
  spoolBytes: nonNegative,
  seenAgoMs: nonNegative,
  progress: progress.nullable(),
});
const from = textOf(128);
const facts = textOf(peerLimits.factsChars);
const schema = wireVariants({
  sightings: wireObject({
    type: z.literal("sightings"),
    from,
    address: textOf(512),
    sightings: list(sighting, { min: 0, max: peerLimits.sightings }),
  }),
  "facts-wanted": wireObject({ type: z.literal("facts-wanted"), from, of: from, hostId: token }),
  facts: wireObject({
    type: z.literal("facts"),
    from,
    hostId: token,
    factsId: textOf(128),
    agentVersion: textOf(256),
    topologyJson: facts,
    runners: list(wireObject({ name: text, declarationJson: facts }), { min: 0, max: 256 }),
    labels: record(text, logLimits.recordKeys),
  }),
});

export function encodePeerWord(word: PeerWord): string {
  return JSON.stringify(toWire(schema)(word));
}

/** Null for what is no word, or one of a newer release: it may be lost as well. */
export function decodePeerWord(encoded: string): PeerWord | null {
  let wire: unknown;
  try {
    wire = JSON.parse(encoded);
  } catch {
    return null; // Whatever it is, no coordinator wrote it.
  }
  const parsed = schema.safeParse(wire);
  return parsed.success ? parsed.data : null;
}
