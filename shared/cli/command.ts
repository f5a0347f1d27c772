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
  readonly stderrIsTty: boolean;
  /** How this program was started, so that it can start its siblings the same way. */
  readonly node: NodeProcess;
  /** Aborts on SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Aborts when standard input ends: the other end of that pipe is a parent that has died. */
  inputEnd(): AbortSignal;
  /** Sets the exit code that the process ends with once the command has returned. */
  exitWith(code: number): void;
}

export interface NodeProcess {
  readonly pid: number;
  readonly execPath: string;
  /** Such as `--import tsx` when the sources run without a build. */
  readonly execArgv: readonly string[];
  /** Of Node, such as `20.20.2`. */
  readonly version: string;
  /** Whether the parent that started us is gone, and another process has adopted us. */
  parentDied(): boolean;
}

/** One verb of the CLI. A new verb is one file with such an object and one line in `registry.ts`. */
export interface CliCommand {
  readonly name: string;
  readonly summary: string;
  /** Shown below the help: one line each, the first one the commonest use. */
  readonly examples: readonly string[];
  /** Declares arguments and options, and sets the action. */
  declare(command: Command, io: Io): void;
}

/** Colours are for people: only on a TTY, and never where NO_COLOR is set (https://no-color.org). */
export function wantsColour(io: Io): boolean {
  return io.stdoutIsTty && (io.env["NO_COLOR"] ?? "") === "" && io.env["TERM"] !== "dumb";
}
