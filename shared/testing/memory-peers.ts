import type { PeerChannel } from "../bus/peer-channel.ts";

/** A channel in memory: every word comes to everybody at once, as soon as it is told. */
export function makeMemoryPeers(): PeerChannel {
  const listeners = new Set<(text: string) => void>();
  return {
    tell: (text) => {
      for (const listener of listeners) listener(text);
    },
    hear: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
