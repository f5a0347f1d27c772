import { join } from "node:path";
import { z } from "zod";
import type { Identity } from "../../shared/domain/identity.ts";
import type { Clock } from "../../shared/runtime/clock.ts";
import type { Peer } from "../../shared/security/peer.ts";
import { fileStamp } from "./file-stamp.ts";
import { appendLine, readLines } from "./json-lines.ts";

const revocationSchema = z.object({
  at_ms: z.number(),
  kind: z.enum(["host", "operator"]),
  name: z.string(),
  reason: z.string(),
});

/** From this moment on, no certificate counts that was issued to this name before. */
export type Revocation = z.infer<typeof revocationSchema>;

/** How often a coordinator looks whether somebody was revoked. */
const pollMs = 250;

export function revocationsFile(authorityDirectory: string): string {
  return join(authorityDirectory, "revoked.jsonl");
}

/**
 * Whose certificates count no more. A file beside the authority is the list: the verb that revokes
 * appends to it, and a running coordinator sees that within a second.
 */
export class Revocations {
  readonly #file: string;
  #latest: ReadonlyMap<string, Revocation> = new Map();
  #state = "";

  constructor(file: string) {
    this.#file = file;
  }

  /** @throws what the file system throws: a coordinator that cannot read the list must not serve. */
  static async open(file: string): Promise<Revocations> {
    const revocations = new Revocations(file);
    await revocations.#reload();
    return revocations;
  }

  /** Whether the certificate was issued before its holder was revoked; a new enrolment counts again. */
  isRevoked({ identity, issuedAtMs }: Peer): boolean {
    const name = identity.kind === "host" ? identity.hostId : identity.name;
    const last = this.#latest.get(keyOf(identity.kind, name));
    return last !== undefined && issuedAtMs <= last.at_ms;
  }

  /** Calls `onChange` whenever the list has grown, until the signal aborts. */
  async watch({ clock, onChange, onTrouble }: WatchDeps, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await clock.pause(pollMs, signal);
      try {
        if (await this.#reload()) onChange();
      } catch (error) {
        // The list as it was last read stays in force.
        onTrouble(error);
      }
    }
  }

  async #reload(): Promise<boolean> {
    const state = await fileStamp(this.#file);
    if (state === this.#state) return false;
    this.#latest = await latestRevocations(this.#file);
    this.#state = state;
    return true;
  }
}

export interface WatchDeps {
  readonly clock: Pick<Clock, "pause">;
  readonly onChange: () => void;
  readonly onTrouble: (error: unknown) => void;
}

/** Durable when it resolves. */
export async function revoke(file: string, revocation: Revocation): Promise<void> {
  await appendLine(file, revocation);
}

export async function readRevocations(file: string): Promise<readonly Revocation[]> {
  const { values } = await readLines(file);
  return values.flatMap((value) => {
    const parsed = revocationSchema.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });
}

/** The last revocation of each name, by {@link keyOf}. */
export async function latestRevocations(file: string): Promise<ReadonlyMap<string, Revocation>> {
  const latest = new Map<string, Revocation>();
  for (const revocation of await readRevocations(file)) {
    const key = keyOf(revocation.kind, revocation.name);
    const known = latest.get(key);
    if (known === undefined || revocation.at_ms > known.at_ms) latest.set(key, revocation);
  }
  return latest;
}

function keyOf(kind: Identity["kind"], name: string): string {
  return `${kind}/${name}`;
}
