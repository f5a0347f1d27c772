import { Command } from "commander";
import { packageVersion } from "../runtime/version.ts";
import type { CliCommand, Io } from "./command.ts";

/** A program's command line: what it is, and its verbs in the order of the help. */
export interface CliProgram {
  /** What people type; `fleetsweep` unless given. Examples begin with it whatever they were written with. */
  readonly name?: string;
  readonly description: string;
  readonly commands: readonly CliCommand[];
}

/** Exit codes of both programs, as the help and the manual say them. */
export const exitCodes: readonly (readonly [code: number, means: string])[] = [
  [0, "done"],
  [1, "done, but something failed (a cell, a check)"],
  [2, "the input is wrong; nothing was done"],
  [3, "a part of the system is missing or out of reach"],
  [70, "a bug in fleetsweep"],
  [130, "interrupted"],
];

/** What each verb shows below its help; commander keeps no examples. */
const examples = new WeakMap<Command, readonly string[]>();

/** The program with all its verbs, as commander parses and explains it. Nothing of it runs here. */
export function declareProgram(wanted: CliProgram, io: Io): Command {
  const codes = exitCodes.map(([code, means]) => `  ${String(code).padEnd(3)} ${means}`);
  const program = new Command(wanted.name ?? "fleetsweep")
    .description(wanted.description)
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.talk(text) })
    .configureHelp({ helpWidth: io.columns })
    .showSuggestionAfterError()
    .addHelpText("after", `\nExit codes:\n${codes.join("\n")}`);
  for (const command of wanted.commands) declareVerb(program, command, io);
  return program;
}

/** The examples that a verb was declared with, under the name of its program. */
export function examplesOf(verb: Command): readonly string[] {
  return examples.get(verb) ?? [];
}

function declareVerb(program: Command, command: CliCommand, io: Io): void {
  const declared = program.command(command.name).description(command.summary);
  const own = command.examples.map((example) =>
    example.replaceAll(/(^|[\s(])fleetsweep /g, `$1${program.name()} `),
  );
  examples.set(declared, own);
  declared.addHelpText("after", `\nExamples:\n${own.map((e) => `  ${e}`).join("\n")}`);
  command.declare(declared, io);
}
