import { type JetStreamManager, StringCodec } from "nats";
import { FleetsweepError } from "../domain/errors.ts";
import { checkNatsVersion, checkReplicas } from "../runtime/nats-version.ts";
import { pause } from "../runtime/sleep.ts";
import { busLimits } from "./bus-limits.ts";
import { type InFlight, makeInFlight } from "./in-flight.ts";
import type { AppendOptions, Log } from "./log.ts";
import { type EncodedEvent, encodeEvent } from "./log-codec.ts";
import { Acknowledgements } from "./nats-acks.ts";
import { type Connection, type NatsOptions, openConnection } from "./nats-connection.ts";
import { toBusError } from "./nats-errors.ts";
import { pullMessages } from "./nats-pull.ts";
import { readStream, type StreamSource } from "./nats-reader.ts";
import { ensureStream, streamHead } from "./nats-stream.ts";
import { natsPeerChannel, type PeerChannel } from "./peer-channel.ts";

export interface NatsLogOptions extends NatsOptions {
  /** Creates the stream where there is none; an agent, which may only publish, leaves it out. */
  readonly createStream?: boolean;
  /** Servers of a cluster that keep a stream which is created, and that one of fewer is extended to; 1 unless given. */
  readonly replicas?: number | undefined;
}

/** Who keeps the log. */
export interface Keepers {
  readonly serverVersion: string;
  readonly replicas: number;
}

/** The log, and what passes between coordinators beside it, on one connection. */
export interface NatsLog extends Log {
  readonly peers: PeerChannel;
  /** Null for who did not ask: an agent may not. */
  readonly keepers: Keepers | null;
}

/**
 * The log on a NATS server with JetStream, 2.9.10 or newer. Connects once, then stays connected by
 * itself until `close`.
 * @throws FleetsweepError bus.unavailable where no server answers, bus.rejected where it refuses us or
 *   the stream is no log, program.missing where the server is too old or known broken.
 */
export async function connectNatsLog(options: NatsLogOptions): Promise<NatsLog> {
  const connection = await openConnection(options);
  try {
    const jetStream = { timeout: busLimits.requestTimeoutMs };
    const manager = await connection.nats.jetstreamManager({ ...jetStream, checkAPI: false });
    const keepers =
      options.createStream === true
        ? await findKeepers(connection, manager, options.replicas ?? 1)
        : null;
    return { ...makeLog(connection, manager), keepers };
  } catch (error) {
    await connection.close();
    throw toBusError(error, "opening the log");
  }
}

async function findKeepers(
  { nats }: Connection,
  manager: JetStreamManager,
  replicas: number,
): Promise<Keepers> {
  const serverVersion = checkNatsVersion(nats.info?.version ?? "");
  const check = (count: number): void => {
    checkReplicas(count, serverVersion);
    // A server alone extends a stream to any number of servers, and says that it did.
    if (count === 1 || nats.info?.cluster !== undefined) return;
    const what = `${nats.getServer()} is in no cluster, so ${count} servers cannot keep the log`;
    throw new FleetsweepError("bus.rejected", what);
  };
  check(replicas);
  const kept = await ensureStream(manager, replicas);
  check(kept);
  return { serverVersion, replicas: kept };
}

function makeLog(connection: Connection, manager: JetStreamManager): Omit<NatsLog, "keepers"> {
  const inFlight = makeInFlight({
    running: busLimits.appendsInFlight,
    queued: busLimits.appendsQueued,
  });
  const appending = { connection, acks: new Acknowledgements(connection), inFlight };
  return {
    append: async (event, options) => await append(appending, encodeEvent(event), options),
    appendEncoded: (message, options) => append(appending, message, options),
    read: (options) => readStream(sourceOf(connection, manager), options),
    head: () => streamHead(manager),
    peers: natsPeerChannel(connection.nats, () => connection.isUp()),
    close: () => connection.close(),
  };
}

function sourceOf(connection: Connection, manager: JetStreamManager): StreamSource {
  return {
    ready: (timeoutMs) => connection.ready(timeoutMs),
    head: () => streamHead(manager),
    pull: (options) => pullMessages(connection, manager, options),
    trouble: connection.trouble,
    random: connection.random,
    pause,
  };
}

interface Appending {
  readonly connection: Connection;
  readonly acks: Acknowledgements;
  readonly inFlight: InFlight;
}

const utf8 = StringCodec();

async function append(
  { connection, acks, inFlight }: Appending,
  message: EncodedEvent,
  options: AppendOptions,
): Promise<number> {
  const payload = utf8.encode(message.payload);
  if (payload.length > busLimits.maxPayloadBytes) {
    throw new FleetsweepError(
      "bus.rejected",
      `a message of ${payload.length} bytes for ${message.subject} is above the limit of ${busLimits.maxPayloadBytes}`,
    );
  }
  const publish = async (): Promise<number> => {
    options.signal?.throwIfAborted();
    if (!connection.isUp()) await connection.ready(busLimits.appendTimeoutMs);
    return await acks.publish({ subject: message.subject, payload }, options.messageId);
  };
  try {
    return await inFlight.run(() => unlessAborted(publish(), options.signal));
  } catch (error) {
    if (options.signal?.aborted === true) throw options.signal.reason;
    throw toBusError(error, `appending to ${message.subject}`);
  }
}

async function unlessAborted<Value>(
  answer: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (signal === undefined) return await answer;
  let abort = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
  });
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
