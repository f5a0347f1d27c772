/** Both sides must speak the same; additive changes keep it. */
export const protocolVersion = 1;

/** How often an agent says that it is there; three missed ones show it as away. */
export const heartbeatIntervalMs = 5_000;

/** Largest message either side takes; everything longer is split or refused. */
export const maxMessageBytes = 4 * 1024 * 1024;

/** Options of every server and channel: dead peers show within 40 s, nothing is replayed by gRPC. */
export const channelOptions = {
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.keepalive_permit_without_calls": 1,
  "grpc.max_receive_message_length": maxMessageBytes,
  "grpc.max_send_message_length": maxMessageBytes,
  "grpc.enable_retries": 0,
  "grpc.enable_channelz": 0,
  "grpc.use_local_subchannel_pool": 1,
} as const;
