import type { Logger } from "../../shared/runtime/logger.ts";
import type { Scheduler } from "./scheduler.ts";

/** What happened, in order, for people; its hash tells whether two runs were the same. */
export class Trace {
  /** A running sum (FNV-1a) over every line, also of those that are not kept. */
  hash = 0x811c9dc5;
  readonly #lines: string[] = [];
  readonly #scheduler: Scheduler;
  readonly #keep: boolean;

  constructor(scheduler: Scheduler, keep: boolean) {
    this.#scheduler = scheduler;
    this.#keep = keep;
  }

  note(who: string, what: string): void {
    const line = `${(this.#scheduler.nowMs / 1_000).toFixed(3).padStart(9)} ${who.padEnd(9)} ${what}`;
    for (let at = 0; at < line.length; at += 1) {
      this.hash = Math.imul(this.hash ^ line.charCodeAt(at), 0x01000193) >>> 0;
    }
    if (this.#keep) this.#lines.push(line);
  }

  lines(): readonly string[] {
    return this.#lines;
  }

  /** A program's own log, as lines of the trace. */
  logger(who: string): Logger {
    const write = (level: string) => (fields: unknown, message?: unknown) => {
      this.note(who, `${level} ${String(message ?? fields)}${describe(fields)}`);
    };
    return {
      debug: () => {},
      info: write("info"),
      warn: write("warn"),
      error: write("error"),
    } as unknown as Logger;
  }
}

function describe(fields: unknown): string {
  if (typeof fields !== "object" || fields === null) return "";
  const parts = Object.entries(fields).map(([name, value]) => {
    const shown = value instanceof Error ? value.message : JSON.stringify(value);
    return `${name}=${shown}`;
  });
  return parts.length === 0 ? "" : ` (${parts.join(" ")})`.slice(0, 300);
}
