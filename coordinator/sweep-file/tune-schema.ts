import { z } from "zod";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { isToken } from "../../shared/domain/ids.ts";
import { objectives, type TuneSettings, tuneStrategies } from "../../shared/domain/tune.ts";

const objective = z.enum(objectives);

/** How `fleetsweep tune` searches the file's matrix: the file's `tune` key, and the verb's options. */
export const tuneSchema = z.strictObject({
  objective: z
    .union([objective, z.array(objective).min(1).max(2)])
    .optional()
    .describe(
      "what is to be best: latency (the default), throughput, energy (joules per sample), or a list of two, whose trade-off is shown",
    ),
  p99_limit_ms: z
    .number()
    .positive()
    .max(3_600_000)
    .optional()
    .describe("settings whose 99th percentile of a call takes longer do not win"),
  strategy: z
    .enum(tuneStrategies)
    .optional()
    .describe("gaussian-process (the default), one-factor, random or brute-force"),
  trials: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe("most configurations to measure; 40 by default"),
  minutes: z
    .number()
    .positive()
    .max(100_000)
    .optional()
    .describe("no trial begins later than this"),
  seed: z.int().min(0).max(4_294_967_295).optional().describe("of the first trials; 1 by default"),
  hosts: z
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe("most hosts of one class that measure at the same time; 4 by default"),
  stop_early: z
    .boolean()
    .optional()
    .describe(
      "end once another trial promises less than 0.05 % (the default); false spends the budget",
    ),
  confirm_launches: z
    .int()
    .min(0)
    .max(100)
    .optional()
    .describe(
      "launches of the winner and of the untuned settings in the last comparison; 8 by default, 0 leaves it out",
    ),
  warm_start: z
    .string()
    .refine(isToken)
    .optional()
    .describe("id of an earlier tune, of this or a like host, whose model is the starting point"),
});

type TuneFile = z.infer<typeof tuneSchema>;

/** The settings that a file gives; what it does not name is left out. */
export function readTune(file: TuneFile): Partial<TuneSettings> {
  const { objective } = file;
  const settings = {
    objectives: objective === undefined ? undefined : [...new Set([objective].flat())],
    p99LimitMs: file.p99_limit_ms,
    strategy: file.strategy,
    trials: file.trials,
    minutes: file.minutes,
    seed: file.seed,
    hosts: file.hosts,
    stopEarly: file.stop_early,
    confirmLaunches: file.confirm_launches,
    warmStart: file.warm_start,
  };
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

/**
 * Reads the settings that an operator gave beside a file, as JSON.
 * @throws FleetsweepError config.invalid naming every problem.
 */
export function parseTuneOverrides(json: string): Partial<TuneSettings> {
  const parsed = tuneSchema.safeParse(JSON.parse(json));
  if (!parsed.success) throw new FleetsweepError("config.invalid", z.prettifyError(parsed.error));
  return readTune(parsed.data);
}
