/** Every bound of the bus; times in ms, sizes in bytes. */
export const busLimits = {
  /** A result holds up to 512 KiB of samples an instance; the server warns beyond 8 MiB. */
  maxPayloadBytes: 8 * 1024 * 1024,
  /** Repetitions within this window are dropped by the server: a filter, never a guarantee. */
  dedupeWindowMs: 120_000,
  /** Appends that wait for their acknowledgement at one time. */
  appendsInFlight: 256,
  /** Appends that wait for their turn; beyond, the caller is told to come back. */
  appendsQueued: 4_096,
  /** One append, from its turn to the acknowledgement. */
  appendTimeoutMs: 5_000,
  connectTimeoutMs: 5_000,
  requestTimeoutMs: 5_000,
  /** A dead link is noticed after `pingsUnanswered` intervals. */
  pingIntervalMs: 5_000,
  pingsUnanswered: 2,
  /** Waits between reconnects are spread evenly over this range, so that a fleet does not return as one wave. */
  reconnectMinMs: 50,
  reconnectMaxMs: 1_000,
  /** Messages and bytes that a reader asks for at one time. */
  readBatch: 1_024,
  readBatchBytes: 32 * 1024 * 1024,
  readExpiresMs: 30_000,
  readHeartbeatMs: 2_000,
  /** Silence after which a reader starts anew: three lost heartbeats. */
  readSilenceMs: 6_000,
  /** The server forgets a reader that has asked for nothing for so long. */
  readerForgottenMs: 60_000,
  readRetry: { baseMs: 50, capMs: 5_000 },
} as const;
