import pino from "pino";

/** Structured logs, one JSON object a line on stderr; fields are snake_case. */
export type Logger = Pick<pino.Logger, "debug" | "info" | "warn" | "error">;

/** No transports: they need worker threads, and a pipe to a pretty-printer does the same. */
export function makeLogger(program: string, level: string): Logger {
  const options = { base: { program }, level, timestamp: pino.stdTimeFunctions.isoTime };
  return pino(options, pino.destination({ fd: 2, sync: true }));
}

export const silentLogger: Logger = pino({ level: "silent" });

export const logLevels = ["debug", "info", "warn", "error", "silent"] as const;
