import { join } from "node:path";
import { z } from "zod";
import type { ErrorCode } from "../../shared/domain/errors.ts";
import { appendLine, readLines } from "./json-lines.ts";

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

/** A flood of refusals must not fill the disk: more of them in one second are only counted. */
const refusalsASecond = 20;
/** The longest text of a caller that is kept. */
const maxTextChars = 256;

export function auditFile(state: string): string {
  return join(state, "audit.jsonl");
}

/** Writes the trail: one JSON line an entry, on the disk before the promise resolves. */
export class AuditTrail {
  readonly #file: string;
  readonly #nowMs: () => number;
  #last: Promise<void> = Promise.resolve();
  #second = 0;
  #refusals = 0;

  constructor(file: string, nowMs: () => number) {
    this.#file = file;
    this.#nowMs = nowMs;
  }

  async record(entry: AuditEntry): Promise<void> {
    if (entry.outcome === "refused" && !this.#hasRoom()) return;
    const line = { at: new Date(this.#nowMs()).toISOString(), ...shortened(entry) };
    // One after another: the order of the lines is the order of what happened.
    const written = this.#last.then(() => appendLine(this.#file, line));
    this.#last = written.catch(() => {});
    await written;
  }

  #hasRoom(): boolean {
    const second = Math.floor(this.#nowMs() / 1_000);
    if (second !== this.#second) this.#refusals = 0;
    this.#second = second;
    this.#refusals += 1;
    return this.#refusals <= refusalsASecond;
  }
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
  const { values, damaged } = await readLines(file);
  const parsed = values.map((value) => entrySchema.safeParse(value));
  const entries = parsed.flatMap((entry) => (entry.success ? [entry.data] : []));
  const bad = damaged + parsed.length - entries.length;
  return { entries: entries.slice(-last), damaged: bad };
}
