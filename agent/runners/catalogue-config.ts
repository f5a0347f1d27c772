import { z } from "zod";
import { arrivalPatterns } from "../../shared/domain/arrival.ts";

const name = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, {
  message: "a name has lower-case letters, digits, dots, dashes and underscores, at most 64",
});

const absolutePath = z.string().startsWith("/", { message: "must be an absolute path" }).max(4_096);

const parameter = z.discriminatedUnion("type", [
  z
    .strictObject({
      type: z.literal("choice"),
      values: z.array(z.string()).nonempty(),
      default: z.string(),
    })
    .refine(({ values, default: chosen }) => values.includes(chosen), {
      message: "the default is none of the values",
    }),
  z.strictObject({
    type: z.literal("integer"),
    min: z.int(),
    max: z.int(),
    default: z.int(),
  }),
  z.strictObject({ type: z.literal("flag"), default: z.boolean() }),
]);

/** `OWNER/NAME` or `NAME`, with `@` and a branch, tag or commit where it is not `main`. */
const hubId = z.string().regex(/^\w[\w.-]{0,95}(\/\w[\w.-]{0,95})?(@\w[\w.-]{0,95})?$/, {
  message: "an id of the hub is OWNER/NAME or OWNER/NAME@REVISION",
});

const model = z
  .strictObject({
    /** Which runner loads the file. */
    runner: name.default("onnxruntime"),
    path: absolutePath.optional(),
    /** An id of the Hugging Face hub, whose files are in this host's cache already. */
    hub: hubId.optional(),
    /** What the file computes in; cells that ask for another dtype are refused. */
    dtype: z.string().default("fp32"),
  })
  .refine(({ path, hub }) => (path === undefined) !== (hub === undefined), {
    message: "a model has either a path or an id of the hub",
  });

const command = z.strictObject({
  /** Program (an absolute path) and its arguments. */
  argv: z.tuple([absolutePath], z.string()),
  version: z.string().min(1).max(200),
  modes: z.array(z.string()).nonempty().default(["default"]),
  dtypes: z.array(z.string()).nonempty().default(["fp32"]),
  models: z.array(name).nonempty(),
  parameters: z.record(name, parameter).default({}),
  knobs: z.array(z.string()).default(["allocator", "allocator_tunables"]),
  arrivals: z.array(z.enum(arrivalPatterns)).nonempty().default(["closed"]),
});

/** The part of the agent's configuration that its operator declares runners and models in. */
export const runnersConfigSchema = z.strictObject({
  models: z.record(name, model).default({}),
  commands: z.record(name, command).default({}),
});

/** What `readCatalogue` needs: the operator's declarations, and the Node that runs our own runners. */
export interface RunnersConfig extends z.output<typeof runnersConfigSchema> {
  /** `process.execPath`. */
  readonly nodePath: string;
  /** Where `fleetsweep runtimes` puts Python environments; without it there are none. */
  readonly runtimesDirectory?: string | undefined;
  /** Where the packages of the Hugging Face hub keep what they fetched; without it there is nothing. */
  readonly hubCache?: string | undefined;
}

export type ModelConfig = z.output<typeof model>;

export type CommandConfig = z.output<typeof command>;
