import { z } from "zod";
import type { Hello__Output } from "../../proto/gen/fleetsweep/v1/Hello.ts";
import type { Runner__Output } from "../../proto/gen/fleetsweep/v1/Runner.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { tokenProblem } from "../../shared/domain/ids.ts";
import type { RunnerDeclaration } from "../../shared/domain/runner-declaration.ts";
import type { Topology } from "../../shared/domain/topology.ts";
import type { HostFacts } from "../sessions.ts";

const parameterSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("choice"),
    values: z.array(z.string()).max(256),
    default: z.string(),
  }),
  z.object({ type: z.literal("integer"), min: z.number(), max: z.number(), default: z.number() }),
  z.object({ type: z.literal("flag"), default: z.boolean() }),
]);

const words = z.array(z.string().max(256)).max(256);

const declarationSchema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/),
  version: z.string().max(256),
  unavailable: z.string().max(4096).nullable(),
  modes: words,
  dtypes: words,
  models: words,
  parameters: z.record(z.string().max(64), parameterSchema),
  knobs: words,
  refusedPairs: z.record(z.string().max(513), z.string().max(1_024)).default({}),
  knobRefusals: z
    .record(z.string().max(64), z.record(z.string().max(64), z.string().max(1_024)))
    .default({}),
  // Agents from before arrivals could be chosen.
  arrivals: words.default(["closed"]),
});

/** The parts that the coordinator computes with; the rest is shown as it came. */
const topologySchema = z.looseObject({
  schema: z.literal("topology-truth/1"),
  cpus: z.looseObject({ online: z.string(), allowed: z.string() }),
  packages: z.array(z.looseObject({ id: z.number(), cpus: z.string() })),
  numaNodes: z.array(z.looseObject({ id: z.number(), cpus: z.string() })),
  cores: z.array(z.looseObject({ cpus: z.string() })),
  caches: z.array(z.looseObject({ level: z.number(), cpus: z.string() })),
  system: z.looseObject({}),
  warnings: z.array(z.string()),
});

/** What a hello says of its host. */
export interface SaidFacts extends Pick<Hello__Output, "hostId" | "agentVersion" | "topologyJson"> {
  readonly runners: readonly Runner__Output[];
  readonly labels: Readonly<Record<string, string>>;
}

/** @throws FleetsweepError link.protocol where the hello is malformed. */
export function readHostFacts(hello: SaidFacts): HostFacts {
  const problem = tokenProblem(hello.hostId);
  if (problem !== undefined) {
    throw new FleetsweepError("link.protocol", `"${hello.hostId}" is no id for a host: ${problem}`);
  }
  return {
    hostId: hello.hostId,
    agentVersion: hello.agentVersion,
    topology: parseTopology(hello.topologyJson),
    runners: hello.runners.map(parseDeclaration),
    labels: hello.labels,
  };
}

/** @throws FleetsweepError link.protocol where the text is no topology. */
export function parseTopology(json: string): Topology {
  const parsed = topologySchema.safeParse(parseJson(json, "topology"));
  if (parsed.success) return parsed.data as unknown as Topology;
  throw new FleetsweepError("link.protocol", `a bad topology: ${z.prettifyError(parsed.error)}`);
}

/** @throws FleetsweepError link.protocol where the text is no declaration. */
export function parseDeclaration({ name, declarationJson }: Runner__Output): RunnerDeclaration {
  const parsed = declarationSchema.safeParse(parseJson(declarationJson, `runner ${name}`));
  if (parsed.success) return parsed.data;
  const found = z.prettifyError(parsed.error);
  throw new FleetsweepError("link.protocol", `a bad declaration of runner ${name}: ${found}`);
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FleetsweepError("link.protocol", `the ${what} is no JSON`, { cause: error });
  }
}
