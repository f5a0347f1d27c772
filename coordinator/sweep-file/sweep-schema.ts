import { z } from "zod";
import { type Axis, axes } from "../../shared/domain/axis.ts";
import { maxAxisValues, rangeSource } from "../../shared/domain/axis-terms.ts";
import { noisePolicies } from "../../shared/domain/method.ts";
import { expressionLimits } from "../../shared/domain/parse-expression.ts";
import { baselineNames } from "../logic/sweep-spec.ts";
import { describeValues } from "./describe-values.ts";
import { tuneSchema } from "./tune-schema.ts";

/** Canaries of a sweep: each takes time from what the sweep is about. */
const maxCanaries = 4;

const scalar = z.union([z.string(), z.number(), z.boolean()]);

function oneOrMore<Item extends z.ZodType>(item: Item) {
  return z.union([item, z.array(item).min(1).max(maxAxisValues)]);
}

function axisItem(axis: Axis): z.ZodType<string | number> {
  const { values } = axis;
  if (values.type === "words") return z.enum(values.words);
  if (values.type === "name") return z.string().min(1);
  const range = z.string().regex(new RegExp(rangeSource));
  const integer = (values.decimals ? z.number() : z.int()).min(values.min).max(values.max);
  if (!values.hostSized) return z.union([integer, range]);
  return z.union([integer, z.enum(["all", "pow2", "divisors"]), range]);
}

const axisShape = Object.fromEntries(
  axes.map((axis) => [
    axis.name,
    oneOrMore(axisItem(axis))
      .optional()
      .describe(`${axis.summary}. ${describeValues(axis)}`),
  ]),
);

const parameters = z.record(z.string().regex(/^[a-z][a-z0-9_]{0,63}$/), oneOrMore(scalar));

const expression = z.string().min(1).max(expressionLimits.characters);

const constraint = z.union([
  expression,
  z.strictObject({
    if: expression.describe("the expression"),
    reason: z.string().max(200).optional().describe("shown with the cells that it takes out"),
  }),
]);

const hosts = z.strictObject({
  where: expression
    .optional()
    .describe("an expression over host facts, CPU flags and labels; without it every host"),
  distribute: z
    .enum(["replicate", "partition"])
    .optional()
    .describe(
      "replicate: every matching host measures every cell (the default); partition: hosts of one class share the cells out",
    ),
  replicas: z
    .int()
    .min(1)
    .max(1_000)
    .optional()
    .describe("with partition: hosts of a class that measure each cell; 1 by default"),
});

const canaries = z.strictObject({
  every_minutes: z
    .number()
    .positive()
    .max(10_080)
    .optional()
    .describe("estimated time of other work between two of their launches, at most; 15 by default"),
  cells: z
    .array(z.strictObject({ ...axisShape, parameters: parameters.optional() }))
    .min(1)
    .max(maxCanaries)
    .optional()
    .describe(
      `at most ${maxCanaries}; axes that an entry does not name have the first value of \`axes\`. Without it one canary: the first value of every axis`,
    ),
});

const seconds = z.number().positive().max(86_400);
const launches = z.int().min(1).max(1_000);

const method = z.strictObject({
  precision: z
    .enum(["smoke", "quick", "normal", "final"])
    .optional()
    .describe(
      "smoke: one launch, never a verdict; quick ±2 %; normal ±1 % (the default); final ±0.5 %",
    ),
  launches: z
    .union([launches, z.strictObject({ min: launches.optional(), max: launches.optional() })])
    .optional()
    .describe("process starts of each cell: exactly so many, or the fewest and the most"),
  min_calls: z.int().min(1).max(1_000_000).optional().describe("fewest timed calls of a launch"),
  max_calls: z
    .int()
    .min(1)
    .max(10_000_000)
    .optional()
    .describe("most timed calls of a launch; a runner makes no more than 200,000"),
  min_seconds: seconds.optional().describe("shortest timed phase of a launch, in seconds"),
  max_seconds: seconds.optional().describe("longest timed phase of a launch, in seconds"),
  warmup_max_seconds: seconds.optional().describe("longest warm-up, in seconds"),
  isolation: z
    .enum(["grouped", "process-per-cell"])
    .optional()
    .describe("grouped: one process measures all cells that share its settings (the default)"),
  launch_timeout_seconds: seconds
    .optional()
    .describe("a launch that takes longer is ended and counts as failed"),
  noise: z
    .enum(noisePolicies)
    .optional()
    .describe(
      "retry: a launch whose verdict is invalid is measured again, at most twice beyond the most (the default); flag: it counts as it is, and none is added; wait: as retry, and a launch begins only once other programs use less than 5 % of the host's CPUs over a second, or after a minute",
    ),
  interleave: z
    .boolean()
    .optional()
    .describe(
      "true: launches of all settings take turns, so that a drift of the host falls on all alike (the default); false: all launches of one setting run before the next one's, which compares worse where the host drifts",
    ),
  max_cell_seconds: seconds
    .optional()
    .describe(
      "a cell that has taken so long on a host over all its launches ends with what was measured; it fails where nothing was; a process start counts for the first cell that it measures",
    ),
  max_sweep_seconds: z
    .number()
    .positive()
    .max(31_536_000)
    .optional()
    .describe("a sweep that is open for longer is cancelled; what was measured is kept"),
  seed: z.int().min(0).max(4_294_967_295).optional().describe("of every shuffle; 1 by default"),
});

/** The structure of a sweep file; what axes, names and expressions mean is checked after it. */
export const sweepSchema = z
  .strictObject({
    version: z.literal(1).optional().describe("version of this language"),
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
      .optional()
      .describe("lower-case letters, digits and dashes; without it the file's name"),
    description: z.string().max(2_000).optional().describe("for people"),
    axes: z
      .strictObject(axisShape)
      .describe("what varies: each axis one value, a range, or a list of these"),
    parameters: parameters.optional().describe("axes that a runner declares, by name"),
    include: z
      .array(z.strictObject({ ...axisShape, parameters: parameters.optional() }))
      .max(100)
      .optional()
      .describe("further matrices: axes that an entry does not name are those of `axes`"),
    when: oneOrMore(constraint).optional().describe("only cells for which this holds are measured"),
    exclude: oneOrMore(constraint)
      .optional()
      .describe("cells for which this holds are not measured"),
    split_batch: z
      .boolean()
      .optional()
      .describe("share each batch out over the instances, instead of giving it to each"),
    baselines: z
      .array(z.enum(baselineNames))
      .max(baselineNames.length)
      .optional()
      .describe("settings to compare with, for every model and shape of the matrix"),
    canaries: canaries
      .optional()
      .describe("cells that every host measures again and again, so that its drift shows"),
    hosts: hosts.optional().describe("which hosts measure, and how they share the work"),
    method: method.optional().describe("how precisely and how long"),
    tune: tuneSchema
      .optional()
      .describe("how `fleetsweep tune` searches the matrix; `fleetsweep run` measures all of it"),
  })
  .describe("A fleetsweep sweep: what to measure, where and how precisely.");

export type SweepFile = z.infer<typeof sweepSchema>;
