import type { CliCommand } from "./command.ts";

/** Every verb of the CLI, in the order of the help. */
export const commands: readonly CliCommand[] = [];
