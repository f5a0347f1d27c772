import { stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Identity } from "../../shared/domain/identity.ts";
import type { Clock } from "../../shared/runtime/clock.ts";
import type { Peer } from "../../shared/security/peer.ts";
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
  #latest = new Map<string, number>();
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
    const at = this.#latest.get(keyOf(identity));
    return at !== undefined && issuedAtMs <= at;
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
    const state = await stateOf(this.#file);
    if (state === this.#state) return false;
    const latest = new Map<string, number>();
    for (const { kind, name, at_ms } of await readRevocations(this.#file)) {
      const key = `${kind}/${name}`;
      latest.set(key, Math.max(at_ms, latest.get(key) ?? 0));
    }
    this.#latest = latest;
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

function keyOf(identity: Identity): string {
  return `${identity.kind}/${identity.kind === "host" ? identity.hostId : identity.name}`;
}

async function stateOf(file: string): Promise<string> {
  try {
    const { size, mtimeMs, ino } = await stat(file);
    return `${ino}.${size}.${mtimeMs}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
