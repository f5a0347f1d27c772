import type { Argument, Command, Option } from "commander";
import { examplesOf } from "./declare-program.ts";

/** A program or a verb as data: what completions and manuals are made of. */
export interface VerbTree {
  readonly name: string;
  readonly summary: string;
  readonly arguments: readonly VerbArgument[];
  readonly options: readonly VerbOption[];
  readonly examples: readonly string[];
  readonly verbs: readonly VerbTree[];
}

export interface VerbArgument {
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
  readonly variadic: boolean;
  readonly choices: readonly string[];
}

export interface VerbOption {
  /** As the help shows them: `-o, --out <file>`. */
  readonly flags: string;
  readonly names: readonly string[];
  readonly summary: string;
  /** What its value is called, null where it takes none. */
  readonly value: string | null;
  readonly choices: readonly string[];
  /** What holds where it is left out, null where nothing is said. */
  readonly fallback: string | null;
}

/** Reads the tree from commander's own declarations, so that it says what the program does. */
export function readVerbTree(command: Command): VerbTree {
  const help = command.createHelp();
  return {
    name: command.name(),
    summary: command.description(),
    arguments: command.registeredArguments.map(toArgument),
    options: help.visibleOptions(command).map(toOption),
    examples: examplesOf(command),
    verbs: help
      .visibleCommands(command)
      .filter((verb) => verb.name() !== "help")
      .map(readVerbTree),
  };
}

function toArgument(argument: Argument): VerbArgument {
  return {
    name: argument.name(),
    summary: argument.description,
    required: argument.required,
    variadic: argument.variadic,
    choices: argument.argChoices ?? [],
  };
}

function toOption(option: Option): VerbOption {
  const takesValue = option.required || option.optional;
  const isSaid = option.defaultValue !== undefined && takesValue;
  return {
    flags: option.flags,
    names: [option.short, option.long].filter((name) => name !== undefined),
    summary: option.description,
    value: takesValue ? (/[<[]([^>\]]+)[>\]]/.exec(option.flags)?.[1] ?? "value") : null,
    choices: option.argChoices ?? [],
    fallback: isSaid ? (option.defaultValueDescription ?? String(option.defaultValue)) : null,
  };
}

/** Every verb below the program, and the program itself under the path "": `schedule add` and such. */
export function walkVerbs(tree: VerbTree, path = ""): readonly (readonly [string, VerbTree])[] {
  const below = tree.verbs.flatMap((verb) => walkVerbs(verb, `${path} ${verb.name}`.trim()));
  return [[path, tree], ...below];
}
