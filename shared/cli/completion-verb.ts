import { Argument } from "commander";
import type { CliCommand, Io } from "./command.ts";
import { bashCompletion } from "./completion/bash.ts";
import { fishCompletion } from "./completion/fish.ts";
import { zshCompletion } from "./completion/zsh.ts";
import { readVerbTree, type VerbTree } from "./verb-tree.ts";

/** What prints the program's completion, by the name of the shell. */
export const completionShells: Readonly<Record<string, (tree: VerbTree) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
  json: (tree) => `${JSON.stringify(tree)}\n`,
};

/**
 * The verb `completion` of a program. `complete` may fill in what the program itself does not know of its
 * verbs.
 */
export function completionVerb(
  complete: (tree: VerbTree, io: Io) => VerbTree | Promise<VerbTree>,
): CliCommand {
  return {
    name: "completion",
    summary: "print a script with which a shell completes verbs and options",
    examples: [
      'eval "$(fleetsweep completion bash)"',
      "source <(fleetsweep completion zsh)",
      "fleetsweep completion fish | source",
      "fleetsweep completion json",
    ],
    declare(command, io) {
      const shell = new Argument("<shell>", "the shell; json gives the verbs themselves");
      command
        .addArgument(shell.choices(Object.keys(completionShells)))
        .action(async (name: string) => {
          if (command.parent === null) return;
          const tree = await complete(readVerbTree(command.parent), io);
          io.out(completionShells[name]?.(tree) ?? "");
        });
    },
  };
}
