import { z } from "zod";
import { FleetsweepError } from "../../../shared/domain/errors.ts";

/** Bounds of a table file: far above any real brute force. */
const limits = { rows: 100_000, observationsPerRow: 10_000, cores: 65_536 } as const;

const setting = z.union([z.string().min(1).max(64), z.number(), z.boolean()]);

const row = z.object({
  cores: z.int().positive().max(limits.cores),
  allocator: setting,
  openmp: setting,
  thp: setting,
  /** In ms; absent or null where it was not set. */
  kmp_blocktime: setting.nullish(),
  observed_ms: z.array(z.number().positive()).nonempty().max(limits.observationsPerRow),
});

const tableFile = z.object({
  cores_per_package: z.int().positive().nullish(),
  rows: z.array(row).nonempty().max(limits.rows),
});

/**
 * A measured table: some combinations of the five knobs, each with the observations of its visits. Other
 * members of the file are ignored.
 */
export type ReplayTable = z.infer<typeof tableFile>;

/**
 * Parses a table file.
 * @throws FleetsweepError config.invalid naming every problem with its path.
 */
export function parseReplayTable(text: string): ReplayTable {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : "unreadable";
    throw new FleetsweepError("config.invalid", `the table is not JSON: ${detail}`, { cause });
  }
  const parsed = tableFile.safeParse(json);
  if (!parsed.success) throw new FleetsweepError("config.invalid", z.prettifyError(parsed.error));
  return parsed.data;
}
