/** The newest version that this release speaks; additive changes keep it. */
export const protocolVersion = 1;

/** The oldest one: releases that are one apart always have a version in common. */
export const oldestProtocolVersion = 1;

/** The versions that one side speaks, both ends included. */
export interface ProtocolRange {
  readonly newest: number;
  readonly oldest: number;
}

export const ownProtocol: ProtocolRange = {
  newest: protocolVersion,
  oldest: oldestProtocolVersion,
};

/** The newest version that both sides speak, or null where there is none. */
export function commonVersion(a: ProtocolRange, b: ProtocolRange): number | null {
  const version = Math.min(a.newest, b.newest);
  return version >= Math.max(a.oldest, b.oldest) ? version : null;
}

/** How often an agent says that it is there; three missed ones show it as away. */
export const heartbeatIntervalMs = 5_000;

/** Largest message either side takes; everything longer is split or refused. */
export const maxMessageBytes = 4 * 1024 * 1024;

/**
 * Options of every server and channel: dead peers show within 50 s, nothing is replayed by gRPC. A coordinator that
 * thousands of agents keep busy may be late with an answer, and is not dead for it.
 */
export const channelOptions = {
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 20_000,
  "grpc.keepalive_permit_without_calls": 1,
  "grpc.max_receive_message_length": maxMessageBytes,
  "grpc.max_send_message_length": maxMessageBytes,
  "grpc.enable_retries": 0,
  "grpc.enable_channelz": 0,
  "grpc.use_local_subchannel_pool": 1,
  // Asked for in TLS instead of what was dialled, which may be an IP address; nothing is checked by it.
  "grpc.ssl_target_name_override": "coordinator.fleetsweep",
} as const;
