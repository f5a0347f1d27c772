import { readFile } from "node:fs/promises";
import { homedir, hostname } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { FleetsweepError } from "../shared/domain/errors.ts";
import { toHostId, tokenProblem } from "../shared/domain/ids.ts";
import type { Metric } from "../shared/domain/metrics.ts";
import {
  addressListSchema,
  addressSchema,
  checkSettings,
  natsServersSchema,
  secondsSchema,
} from "../shared/runtime/check-settings.ts";
import { describeFailure } from "../shared/runtime/describe-failure.ts";
import { usualLaunchLock } from "../shared/runtime/launch-lock.ts";
import { logLevels } from "../shared/runtime/logger.ts";
import { isLocalAddress } from "../shared/runtime/metrics-server.ts";
import { processMetrics } from "../shared/runtime/process-metrics.ts";
import { type LaunchSystem, nodeLaunchSystem } from "./runner/launch-system.ts";
import { type RunnersConfig, runnersConfigSchema } from "./runners/catalogue-config.ts";

/** What `fleetsweep agent` takes as flags. */
export const agentFlagsSchema = z.strictObject({
  coordinator: addressListSchema
    .default(["127.0.0.1:7421"])
    .describe("HOST:PORT of every coordinator, with commas between"),
  join: z
    .string()
    .optional()
    .describe("join token, or better a file that holds one: enrols this host at its first start"),
  enrol: addressSchema
    .optional()
    .describe("HOST:PORT where hosts join; else one port above the first coordinator's"),
  allowPlaintext: z
    .boolean()
    .default(false)
    .describe("DANGEROUS: speak to another machine without TLS"),
  nats: natsServersSchema
    .default(["nats://127.0.0.1:4222"])
    .describe("URL of the NATS server, or of several of one cluster, with commas between"),
  natsTokenFile: z.string().optional().describe("file that holds the token for NATS"),
  state: z.string().min(1).describe("directory of the spool"),
  config: z.string().optional().describe("YAML file: host_id, labels, models, commands"),
  logLevel: z
    .enum(logLevels)
    .default("info")
    .describe(`least level to log: ${logLevels.join(", ")}`),
  stopWithin: secondsSchema
    .default(60)
    .describe("seconds in which a launch may end when the agent is asked to stop"),
  metrics: z
    .string()
    .refine(
      isLocalAddress,
      "must be 127.0.0.1:PORT or unix:/PATH: an agent listens for its host only",
    )
    .optional()
    .describe("127.0.0.1:PORT or unix:/PATH for /metrics, /healthz and /readyz; off unless given"),
  launchLock: z
    .string()
    .startsWith("/", "must be an absolute path")
    .optional()
    .describe("file that all agents of this machine lock, so that one launch runs at a time"),
  exitWithParent: z.boolean().default(false).describe("stop when standard input ends"),
});

export type AgentFlags = z.infer<typeof agentFlagsSchema>;

/** What the host's operator declares in the file that `--config` names. */
export const agentFileSchema = runnersConfigSchema.extend({
  host_id: z
    .string()
    .refine((id) => tokenProblem(id) === undefined, "letters, digits and _ @ : = + ~ - only")
    .optional()
    .describe("the host's name in every result; the system's host name unless given"),
  labels: z
    .record(z.string().regex(/^[a-z][a-z0-9_]{0,62}$/), z.string().max(256))
    .default({})
    .describe("facts for selectors, such as rack: r7"),
  launch_scopes: z
    .enum(["auto", "off"])
    .default("auto")
    .describe(
      "whether launches run in scopes or cgroups of their own, where this agent is given any",
    ),
  runtimes: z
    .string()
    .startsWith("/", "must be an absolute path")
    .optional()
    .describe("directory of the Python environments that fleetsweep runtimes installs"),
  hub_cache: z
    .string()
    .startsWith("/", "must be an absolute path")
    .optional()
    .describe("directory in which models of the Hugging Face hub are already"),
});

/** Where `fleetsweep runtimes` puts Python environments unless it is told otherwise. */
export function defaultRuntimesDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment["FLEETSWEEP_RUNTIMES"];
  if (chosen !== undefined && chosen !== "") return resolve(chosen);
  const base = environment["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share");
  return join(base, "fleetsweep", "runtimes");
}

/** What agents of one machine lock unless they are told otherwise. */
export function defaultLaunchLock(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment["FLEETSWEEP_LAUNCH_LOCK"];
  return chosen === undefined || chosen === "" ? usualLaunchLock : resolve(chosen);
}

/** Where the packages of the Hugging Face hub keep what they fetched, by their own variables. */
function defaultHubCache(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment["HF_HUB_CACHE"] ?? environment["HUGGINGFACE_HUB_CACHE"];
  if (chosen !== undefined && chosen !== "") return resolve(chosen);
  const caches = environment["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return join(environment["HF_HOME"] ?? join(caches, "huggingface"), "hub");
}

export type AgentFile = z.output<typeof agentFileSchema> & { readonly host_id: string };

/** What the file declares of runners, with this host's places for what it leaves open. */
export function toRunnersConfig(file: AgentFile): RunnersConfig {
  return {
    ...file,
    nodePath: nodePath(),
    runtimesDirectory: file.runtimes ?? defaultRuntimesDirectory(),
    hubCache: file.hub_cache ?? defaultHubCache(),
  };
}

/** @throws FleetsweepError config.invalid with every problem. */
export function parseAgentFlags(values: unknown): AgentFlags {
  return checkSettings(agentFlagsSchema, values, "the agent's flags");
}

/** @throws FleetsweepError config.invalid with every problem and its place. */
export async function readAgentFile(path: string | undefined): Promise<AgentFile> {
  const values: unknown = path === undefined ? {} : await readYaml(path);
  const file = checkSettings(agentFileSchema, values, path ?? "the agent's configuration");
  return { ...file, host_id: file.host_id ?? toHostId(hostname()) };
}

/** The Node that runs our own runners. */
function nodePath(): string {
  return process.execPath;
}

/** Of this program. */
export function ownMetrics(): Metric[] {
  return processMetrics(process);
}

/** The host on which launches run. */
export function thisHost(): LaunchSystem {
  return nodeLaunchSystem(process);
}

async function readYaml(path: string): Promise<unknown> {
  const { parse: parseYaml } = await import("yaml");
  try {
    return parseYaml(await readFile(path, "utf8"), { maxAliasCount: 100 }) ?? {};
  } catch (error) {
    const found = describeFailure(error).split("\n", 1)[0];
    throw new FleetsweepError("config.invalid", `${path}: ${found}`, { cause: error });
  }
}
