import { type ConnectionOptions, connect, Events, type NatsConnection, type Status } from "nats";
import { FleetsweepError } from "../domain/errors.ts";
import { TroubleTally } from "../runtime/trouble-tally.ts";
import { busLimits } from "./bus-limits.ts";
import { toBusError } from "./nats-errors.ts";

export interface NatsOptions {
  readonly servers: string | readonly string[];
  readonly token?: string;
  /** PEM files, read anew at every connection, so that a renewed certificate needs no restart. */
  readonly tls?: NatsTls;
  /** Shown by the server's monitoring: which program, on which host. */
  readonly name: string;
  /** Replies come to inboxes under this prefix, so that a host's permissions can name its own. */
  readonly inboxPrefix?: string;
  /** Uniform in [0, 1); spreads reconnects. */
  readonly random?: () => number;
  /** Told, in words for people, of everything that the bus recovers from by itself. */
  readonly onTrouble?: (trouble: string) => void;
}

export interface NatsTls {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** A connection that comes back by itself, for ever, and says when it is away. */
export interface Connection {
  readonly nats: NatsConnection;
  readonly trouble: (trouble: string) => void;
  readonly random: () => number;
  readonly inboxPrefix: string;
  /** Whether the connection stands, as far as it is known. */
  isUp(): boolean;
  /** Resolves once connected. @throws FleetsweepError bus.unavailable after `timeoutMs`. */
  ready(timeoutMs: number): Promise<void>;
  /** Calls `listener` when the connection is lost or closed; returns how to stop that. */
  onLost(listener: () => void): () => void;
  close(): Promise<void>;
}

/**
 * Connects once; a server that is not there is bus.unavailable, for the caller to retry. After that the
 * connection reconnects by itself without end.
 */
export async function openConnection(options: NatsOptions): Promise<Connection> {
  const random = options.random ?? Math.random;
  const nats = await dial(options, random);
  const state = new ConnectionState();
  const trouble = options.onTrouble ?? ((): void => {});
  // Not awaited by `close`: the client leaves this iterator open when its connection is closed.
  watchStatus(nats, state, trouble).catch((error: unknown) => {
    trouble(`the connection's status is not readable any more: ${String(error)}`);
  });
  return {
    nats,
    trouble,
    random,
    inboxPrefix: options.inboxPrefix ?? "_INBOX",
    isUp: () => state.isUp,
    ready: (timeoutMs) => state.ready(timeoutMs),
    onLost: (listener) => state.onLost(listener),
    async close() {
      await nats.close();
      state.lose();
    },
  };
}

async function dial(options: NatsOptions, random: () => number): Promise<NatsConnection> {
  const { reconnectMinMs, reconnectMaxMs } = busLimits;
  const servers = typeof options.servers === "string" ? [options.servers] : [...options.servers];
  const given: ConnectionOptions = {
    servers,
    name: options.name,
    timeout: busLimits.connectTimeoutMs,
    maxReconnectAttempts: -1,
    // Rights may be back after the server's configuration was put right.
    ignoreAuthErrorAbort: true,
    reconnectDelayHandler: () => reconnectMinMs + random() * (reconnectMaxMs - reconnectMinMs),
    pingInterval: busLimits.pingIntervalMs,
    maxPingOut: busLimits.pingsUnanswered,
    noAsyncTraces: true,
  };
  if (options.token !== undefined) given.token = options.token;
  if (options.tls !== undefined) given.tls = { ...options.tls };
  if (options.inboxPrefix !== undefined) given.inboxPrefix = options.inboxPrefix;
  try {
    return await connect(given);
  } catch (error) {
    throw toBusError(error, `connecting to NATS at ${servers.join(", ")}`);
  }
}

async function watchStatus(
  nats: NatsConnection,
  state: ConnectionState,
  trouble: (trouble: string) => void,
): Promise<void> {
  const refusals = new TroubleTally(() => performance.now());
  for await (const status of nats.status()) {
    if (status.type === Events.Disconnect) {
      state.lose();
      trouble(`the connection to NATS at ${shown(status)} is lost`);
    } else if (status.type === Events.Reconnect) {
      state.regain();
      trouble(`connected to NATS at ${shown(status)} again`);
    } else if (status.type === Events.Error) {
      // Whatever is refused is tried again: of each kind once, not for every message.
      const what = `NATS reports: ${shown(status)}`;
      refusals.note(what, (times) => trouble(times === 1 ? what : `${what}, ${times} times`));
    }
  }
}

function shown(status: Status): string {
  return typeof status.data === "object" ? JSON.stringify(status.data) : `${status.data}`;
}

class ConnectionState {
  #connected = true;
  readonly #lost = new Set<() => void>();
  readonly #regained = new Set<() => void>();

  get isUp(): boolean {
    return this.#connected;
  }

  lose(): void {
    this.#connected = false;
    for (const listener of this.#lost) listener();
  }

  regain(): void {
    this.#connected = true;
    for (const listener of this.#regained) listener();
  }

  onLost(listener: () => void): () => void {
    this.#lost.add(listener);
    return () => this.#lost.delete(listener);
  }

  async ready(timeoutMs: number): Promise<void> {
    if (this.#connected) return;
    await new Promise<void>((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#regained.delete(end);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#regained.delete(end);
        reject(new FleetsweepError("bus.unavailable", "the connection to NATS is lost"));
      }, timeoutMs);
      this.#regained.add(end);
    });
  }
}
