import type { Command } from "commander";

/** What a command may touch of the terminal and the process; tests pass their own. */
export interface Io {
  /** Data, to stdout. */
  out(text: string): void;
  /** Talk, to stderr. */
  talk(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Columns of the terminal, 80 where there is none. */
  readonly columns: number;
  readonly stdoutIsTty: boolean;
  /** Aborts on SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Sets the exit code that the process ends with once the command has returned. */
  exitWith(code: number): void;
}

/** One verb of the agent. A new verb is one file with such an object and one line in `registry.ts`. */
export interface AgentCommand {
  readonly name: string;
  readonly summary: string;
  /** Declares arguments and options, and sets the action. */
  declare(command: Command, io: Io): void;
}

/** Colours are for people: only on a terminal, and never where NO_COLOR is set (https://no-color.org). */
export function wantsColour(io: Io): boolean {
  return io.stdoutIsTty && (io.env["NO_COLOR"] ?? "") === "" && io.env["TERM"] !== "dumb";
}
