import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Metric } from "../shared/domain/metrics.ts";
import {
  addressSchema,
  checkSettings,
  natsServersSchema,
  secondsSchema,
} from "../shared/runtime/check-settings.ts";
import { logLevels } from "../shared/runtime/logger.ts";
import { processMetrics } from "../shared/runtime/process-metrics.ts";
import type { BusServer } from "./enrolment/bus-users.ts";
import { defaultHostPolicy } from "./logic/decide-hosts.ts";

/** What `fleetsweep coordinator` takes; each field is a flag. */
export const coordinatorConfigSchema = z.strictObject({
  listen: addressSchema
    .default("127.0.0.1:7421")
    .describe("HOST:PORT for agents and operators; port 0 takes a free one"),
  enrolListen: addressSchema
    .optional()
    .describe("HOST:PORT for hosts that join with a token; else one port above --listen"),
  certificateHours: z.coerce
    .number()
    .positive()
    .max(8_760)
    .default(24)
    .describe("how long the certificates of hosts and of this coordinator are valid"),
  allowPlaintext: z
    .boolean()
    .default(false)
    .describe("DANGEROUS: listen for other machines without TLS; anybody may then do anything"),
  nats: natsServersSchema
    .default(["nats://127.0.0.1:4222"])
    .describe("URL of the NATS server, or of several of one cluster, with commas between"),
  natsReplicas: z
    .enum(["1", "3", "5"])
    .transform(Number)
    .optional()
    .describe("servers of a NATS cluster that keep the log: 1, 3 or 5; a log of fewer is extended"),
  natsWaitSeconds: secondsSchema
    .default(300)
    .describe("how long to wait at the start for a NATS server that is away"),
  natsTokenFile: z.string().optional().describe("file that holds the token for NATS"),
  busConfig: z
    .string()
    .optional()
    .describe("directory that nats-config wrote for a nats-server on this host; kept up to date"),
  hostLostSeconds: secondsSchema
    .default(defaultHostPolicy.lostAfterMs / 1_000)
    .describe("silence after which shards that may move are taken from a host"),
  abandonSeconds: secondsSchema
    .default(defaultHostPolicy.abandonAfterMs / 1_000)
    .describe("how long a host may take no work before its cells are failed as host-lost"),
  state: z.string().min(1).describe("directory of the projection"),
  notifications: z
    .string()
    .optional()
    .describe("YAML file of webhooks and hooks that hear of scheduled sweeps"),
  logLevel: z
    .enum(logLevels)
    .default("info")
    .describe(`least level to log: ${logLevels.join(", ")}`),
  metrics: addressSchema
    .default("127.0.0.1:0")
    .describe("HOST:PORT for /metrics, /healthz and /readyz; port 0 takes a free one"),
  exitWithParent: z.boolean().default(false).describe("stop when standard input ends"),
});

export type CoordinatorConfig = z.infer<typeof coordinatorConfigSchema>;

/** @throws FleetsweepError config.invalid with every problem. */
export function parseCoordinatorConfig(values: unknown): CoordinatorConfig {
  return checkSettings(coordinatorConfigSchema, values, "the coordinator's flags");
}

/** Of this program. */
export function ownMetrics(): Metric[] {
  return processMetrics(process);
}

/** The nats-server of this host. */
export function thisBusServer(): BusServer {
  return {
    reload: (pid) => {
      process.kill(pid, "SIGHUP");
    },
    isThere: (pid) => {
      try {
        return process.kill(pid, 0);
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
      }
    },
    programOf: (pid) =>
      readFile(`/proc/${pid}/comm`, "utf8").then(
        (text) => text.trim(),
        () => null,
      ),
  };
}
