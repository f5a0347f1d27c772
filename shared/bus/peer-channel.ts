import { type NatsConnection, StringCodec } from "nats";

/** Words between the coordinators of one log. They may be lost, and nothing that counts rests on them. */
export interface PeerChannel {
  /** Sends a word to whoever listens, also to oneself; nothing waits while the bus is away. */
  tell(text: string): void;
  /** Calls `listener` with every word until what it returns is called. */
  hear(listener: (text: string) => void): () => void;
}

/** Beside the log: JetStream does not keep it, and a host may neither write nor read it. */
export const peerSubject = "fs.peers";

const utf8 = StringCodec();

/** Over core NATS; `isUp` says whether the connection stands at this moment. */
export function natsPeerChannel(nats: NatsConnection, isUp: () => boolean): PeerChannel {
  return {
    tell(text) {
      // The client would keep it for later, and a word of a minute ago is worth nothing.
      if (isUp() && !nats.isClosed()) nats.publish(peerSubject, utf8.encode(text));
    },
    hear(listener) {
      const subscription = nats.subscribe(peerSubject, {
        callback: (error, message) => {
          if (error === null) listener(message.string());
        },
      });
      return () => subscription.unsubscribe();
    },
  };
}
