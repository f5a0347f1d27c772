import {
  DiscardPolicy,
  type JetStreamManager,
  NatsError,
  nanos,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from "nats";
import { FleetsweepError } from "../domain/errors.ts";
import { busLimits } from "./bus-limits.ts";
import { logSubjects } from "./log-codec.ts";
import { toBusError } from "./nats-errors.ts";

export const streamName = "FLEETSWEEP";

/** Headers count against the stream's message size too; ours are an id and the stream's name. */
const headerRoomBytes = 4_096;

/** JetStream's code for a stream that does not exist. */
const streamNotFound = 10_059;

/**
 * Creates the log's stream where there is none, and returns how many servers keep it: `replicas` of a cluster;
 * those of a stream that has fewer become as many, one that has more stays as it is. It has no limit of age,
 * count or size: the log decides, so it must not forget, and count limits make 2.9's writes many times slower.
 * @throws FleetsweepError bus.rejected where a stream of that name exists that forgets, bus.unavailable
 *   where as many servers are not there yet.
 */
export async function ensureStream(manager: JetStreamManager, replicas: number): Promise<number> {
  const kept = await replicasNow(manager);
  if (kept !== null && kept >= replicas) return kept;
  const action = kept === null ? "creating" : `extending to ${replicas} servers`;
  try {
    if (kept === null) await createStream(manager, replicas);
    else await manager.streams.update(streamName, { num_replicas: replicas });
    return replicas;
  } catch (error) {
    throw toBusError(error, `${action} the stream ${streamName}`);
  }
}

/** Null where there is no stream yet. */
async function replicasNow(manager: JetStreamManager): Promise<number | null> {
  try {
    const { config } = await manager.streams.info(streamName);
    refuseForgetful(config);
    return config.num_replicas;
  } catch (error) {
    if (isNotFound(error)) return null;
    throw toBusError(error, `looking for the stream ${streamName}`);
  }
}

async function createStream(manager: JetStreamManager, replicas: number): Promise<void> {
  await manager.streams.add({
    name: streamName,
    subjects: [logSubjects],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.New,
    max_msg_size: busLimits.maxPayloadBytes + headerRoomBytes,
    duplicate_window: nanos(busLimits.dedupeWindowMs),
    num_replicas: replicas,
  });
}

/**
 * The stream's last sequence number and when it was created.
 * @throws FleetsweepError log.corrupt where the stream is gone that was there when the log was opened.
 */
export async function streamHead(
  manager: JetStreamManager,
): Promise<{ lastSeq: number; createdAt: string }> {
  try {
    const { state, created } = await manager.streams.info(streamName);
    return { lastSeq: state.last_seq, createdAt: created };
  } catch (error) {
    throw toStreamError(error, `asking for the head of the stream ${streamName}`);
  }
}

/** What a failure means that concerns the stream: log.corrupt where it is gone, which no repetition mends. */
export function toStreamError(error: unknown, action: string): FleetsweepError {
  if (!isNotFound(error)) return toBusError(error, action);
  return new FleetsweepError("log.corrupt", `the stream ${streamName} is gone`, { cause: error });
}

function isNotFound(error: unknown): boolean {
  return error instanceof NatsError && error.api_error?.err_code === streamNotFound;
}

function refuseForgetful(config: StreamConfig): void {
  const limits = [
    config.max_age > 0 ? `max_age ${config.max_age} ns` : "",
    config.max_msgs > 0 ? `max_msgs ${config.max_msgs}` : "",
    config.max_bytes > 0 ? `max_bytes ${config.max_bytes}` : "",
    config.max_msgs_per_subject > 0 ? `max_msgs_per_subject ${config.max_msgs_per_subject}` : "",
    config.retention === RetentionPolicy.Limits ? "" : `retention ${config.retention}`,
    config.subjects.includes(logSubjects) ? "" : `subjects ${config.subjects.join(", ")}`,
  ].filter((limit) => limit !== "");
  if (limits.length === 0) return;
  throw new FleetsweepError(
    "bus.rejected",
    `the stream ${streamName} exists with ${limits.join(", ")}: the log must keep all of ${logSubjects}`,
  );
}
