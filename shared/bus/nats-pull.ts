import {
  AckPolicy,
  createInbox,
  DeliverPolicy,
  type JetStreamManager,
  JSONCodec,
  type Msg,
  type NatsConnection,
  nanos,
  ReplayPolicy,
} from "nats";
import { FleetsweepError } from "../domain/errors.ts";
import { busLimits } from "./bus-limits.ts";
import { MessageQueue } from "./message-queue.ts";
import type { Connection } from "./nats-connection.ts";
import { streamName, toStreamError } from "./nats-stream.ts";

/** A message of the stream, undecoded. */
export interface StreamMessage {
  readonly seq: number;
  readonly subject: string;
  readonly payload: string;
  /** When the server stored it, in ns as digits: with `seq`, the message's identity. */
  readonly storedAtNs: string;
}

export interface PullOptions {
  readonly fromSeq: number;
  readonly signal: AbortSignal;
  /**
   * Awaited once the server holds a place in the stream for this reader, before it gives any message: a stream
   * that was replaced until then is seen by whoever looks now, and one that is replaced later ends the reading.
   */
  readonly standing: () => Promise<void>;
}

/**
 * The stream's messages from `fromSeq` on, in order and without a gap, until anything at all is
 * doubtful: the connection is lost, the server is silent, a message is missing, the consumer is gone.
 * Then it throws, and the caller begins anew behind the last message that it saw.
 *
 * It speaks the pull protocol itself, one request at a time and the next only when the last is
 * consumed, so that a slow reader holds up the server and not its own memory.
 * https://docs.nats.io/reference/reference-protocols/nats_api_reference (CONSUMER.MSG.NEXT)
 */
export async function* pullMessages(
  connection: Connection,
  manager: JetStreamManager,
  options: PullOptions,
): AsyncGenerator<StreamMessage> {
  const { nats } = connection;
  const queue = new MessageQueue<Msg>();
  const stop = (): void => queue.fail(unavailable("the connection to NATS is lost"));
  const offLost = connection.onLost(stop);
  options.signal.addEventListener("abort", stop, { once: true });
  const inbox = createInbox(connection.inboxPrefix);
  const subscription = nats.subscribe(inbox, {
    callback: (error, message) => (error ? queue.fail(error) : queue.push(message)),
  });
  let consumer: string | undefined;
  try {
    consumer = await createConsumer(manager, options.fromSeq);
    await options.standing();
    const request = { nats, inbox, subject: `$JS.API.CONSUMER.MSG.NEXT.${streamName}.${consumer}` };
    yield* receive(queue, () => pull(request));
  } finally {
    offLost();
    options.signal.removeEventListener("abort", stop);
    subscription.unsubscribe();
    if (consumer !== undefined) dropConsumer(connection, manager, consumer);
  }
}

async function* receive(queue: MessageQueue<Msg>, ask: () => void): AsyncGenerator<StreamMessage> {
  let due = 0;
  let expected = 1;
  for (;;) {
    if (due <= 0) {
      ask();
      due = busLimits.readBatch;
    }
    const message = await queue.take(busLimits.readSilenceMs);
    if (message === undefined) throw unavailable("the stream's reader heard no heartbeat");
    const position = parsePosition(message.reply);
    if (position === undefined) {
      if (endsRequest(message)) due = 0;
      continue;
    }
    if (position.delivery !== expected) {
      throw unavailable(`delivery ${position.delivery} came where ${expected} was due`);
    }
    expected += 1;
    due -= 1;
    const { seq, storedAtNs } = position;
    yield { seq, subject: message.subject, payload: message.string(), storedAtNs };
  }
}

async function createConsumer(manager: JetStreamManager, fromSeq: number): Promise<string> {
  try {
    const info = await manager.consumers.add(streamName, {
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: fromSeq,
      replay_policy: ReplayPolicy.Instant,
      inactive_threshold: nanos(busLimits.readerForgottenMs),
      mem_storage: true,
      num_replicas: 1,
    });
    return info.name;
  } catch (error) {
    throw toStreamError(error, "beginning to read the log");
  }
}

/** Not waited for: the server forgets the consumer by itself where this does not arrive. */
function dropConsumer(connection: Connection, manager: JetStreamManager, consumer: string): void {
  if (connection.nats.isClosed()) return;
  manager.consumers.delete(streamName, consumer).catch((error: unknown) => {
    connection.trouble(`a reader's consumer is left to expire: ${String(error)}`);
  });
}

const json = JSONCodec();

function pull(request: { nats: NatsConnection; inbox: string; subject: string }): void {
  const options = {
    batch: busLimits.readBatch,
    max_bytes: busLimits.readBatchBytes,
    expires: nanos(busLimits.readExpiresMs),
    idle_heartbeat: nanos(busLimits.readHeartbeatMs),
  };
  request.nats.publish(request.subject, json.encode(options), { reply: request.inbox });
}

/**
 * Whether a status message ends the request it answers; false for a heartbeat.
 * @throws FleetsweepError bus.unavailable for every status that puts the consumer in doubt.
 */
function endsRequest(message: Msg): boolean {
  const code = message.headers?.code ?? 0;
  const description = message.headers?.description ?? "";
  if (code === 100) return false;
  if (code === 404 || code === 408) return true;
  if (code === 409 && /exceed|batch completed/i.test(description)) return true;
  throw unavailable(`the stream's reader was told ${code} ${description}`);
}

/**
 * The stream sequence, the delivery count and the time that a message's reply subject names:
 * `$JS.ACK.<stream>.<consumer>.<tries>.<seq>.<delivery>.<time>.<pending>`, with domain and account
 * before the stream in the newer form.
 */
function parsePosition(
  reply: string | undefined,
): { seq: number; delivery: number; storedAtNs: string } | undefined {
  if (reply?.startsWith("$JS.ACK.") !== true) return undefined;
  const tokens = reply.split(".");
  const first = tokens.length === 9 ? 5 : 7;
  const seq = Number(tokens[first]);
  const delivery = Number(tokens[first + 1]);
  const storedAtNs = tokens[first + 2] ?? "";
  if (!Number.isSafeInteger(seq) || !Number.isSafeInteger(delivery) || storedAtNs === "") {
    throw unavailable(`a message's place cannot be read: ${reply}`);
  }
  return { seq, delivery, storedAtNs };
}

function unavailable(message: string): FleetsweepError {
  return new FleetsweepError("bus.unavailable", message);
}
