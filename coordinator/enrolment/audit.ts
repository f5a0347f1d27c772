import { rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { ErrorCode } from "../../shared/domain/errors.ts";
import { appendLine, readLines } from "./json-lines.ts";
import { RateLimit } from "./rate-limit.ts";

const entrySchema = z.object({
  at: z.string(),
  actor: z.string(),
  peer: z.string(),
  action: z.string(),
  target: z.string(),
  outcome: z.enum(["allowed", "refused"]),
  code: z.string().optional(),
  reason: z.string().optional(),
});

/** One line of the trail: who did what to which thing, or tried to. */
export interface AuditEntry {
  /** `operator/run/ann`, `host/h1`, or `nobody` where no identity was shown. */
  readonly actor: string;
  /** The address that it came from, or `local` for verbs on the coordinator's host. */
  readonly peer: string;
  /** A call of the protocol or a verb: `SubmitSweep`, `Enrol`, `token create`. */
  readonly action: string;
  /** A sweep, a host or an operator; empty where there is none. */
  readonly target: string;
  readonly outcome: "allowed" | "refused";
  readonly code?: ErrorCode;
  readonly reason?: string;
}

export type StoredEntry = z.infer<typeof entrySchema>;

/** A flood of refusals must neither fill the disk nor push out what happened before: it takes weeks to. */
const refusals = { burst: 20, perMinute: 60, maxKeys: 1 } as const;
const limits = {
  /** A file that has grown beyond it becomes `audit.jsonl.1`, that one `audit.jsonl.2` … */
  fileBytes: 67_108_864,
  /** Files beside the one that is written; the oldest gives way. */
  olderFiles: 7,
} as const;
/** The longest text of a caller that is kept. */
const maxTextChars = 256;

export function auditFile(state: string): string {
  return join(state, "audit.jsonl");
}

/**
 * Writes the trail: one JSON line an entry, on the disk before the promise resolves. A verb that appends to
 * a file which gives way at that moment has its line in the older one: nothing is lost.
 */
export class AuditTrail {
  readonly #file: string;
  readonly #nowMs: () => number;
  readonly #fileBytes: number;
  readonly #refusals: RateLimit;
  #last: Promise<void> = Promise.resolve();

  constructor(file: string, nowMs: () => number, fileBytes: number = limits.fileBytes) {
    this.#file = file;
    this.#nowMs = nowMs;
    this.#fileBytes = fileBytes;
    this.#refusals = new RateLimit(refusals, nowMs);
  }

  async record(entry: AuditEntry): Promise<void> {
    if (entry.outcome === "refused" && !this.#refusals.take("")) return;
    const line = { at: new Date(this.#nowMs()).toISOString(), ...shortened(entry) };
    // One after another: the order of the lines is the order of what happened.
    const written = this.#last.then(() => this.#write(line));
    this.#last = written.catch(() => {});
    await written;
  }

  async #write(line: object): Promise<void> {
    if ((await sizeOf(this.#file)) >= this.#fileBytes) await makeRoom(this.#file);
    await appendLine(this.#file, line);
  }
}

/** Newest first: the file that is written, then the older ones. */
function filesOf(file: string): readonly string[] {
  return [file, ...Array.from({ length: limits.olderFiles }, (_, n) => `${file}.${n + 1}`)];
}

async function makeRoom(file: string): Promise<void> {
  const files = filesOf(file);
  for (let n = files.length - 1; n > 0; n -= 1) {
    await rename(files[n - 1] ?? "", files[n] ?? "").catch(ignoreAbsent);
  }
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(ignoreAbsent))?.size ?? 0;
}

function ignoreAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

function shortened(entry: AuditEntry): AuditEntry {
  const texts = Object.entries(entry).map(([name, text]) => [
    name,
    String(text).slice(0, maxTextChars),
  ]);
  return Object.fromEntries(texts) as unknown as AuditEntry;
}

/** The trail's last entries, oldest first. */
export async function readAudit(
  file: string,
  last: number,
): Promise<{ readonly entries: readonly StoredEntry[]; readonly damaged: number }> {
  let entries: StoredEntry[] = [];
  let bad = 0;
  for (const part of filesOf(file)) {
    if (entries.length >= last) break;
    const { values, damaged } = await readLines(part);
    const parsed = values.map((value) => entrySchema.safeParse(value));
    const found = parsed.flatMap((entry) => (entry.success ? [entry.data] : []));
    bad += damaged + parsed.length - found.length;
    entries = [...found, ...entries];
  }
  return { entries: entries.slice(-last), damaged: bad };
}
