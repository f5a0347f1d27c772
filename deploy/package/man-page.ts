import { exitCodes } from "../../shared/cli/declare-program.ts";
import { type VerbOption, type VerbTree, walkVerbs } from "../../shared/cli/verb-tree.ts";

export interface ManPage {
  readonly version: string;
  /** The page's date, `2026-11-25`. */
  readonly date: string;
  /** Files that the program reads, with what is in them. */
  readonly files: readonly (readonly [path: string, means: string])[];
  /** Other pages. */
  readonly seeAlso: readonly string[];
}

/** The manual of a program in section 1, made of what its own help says of every verb. */
export function manPage(program: VerbTree, page: ManPage): string {
  const { name, summary, options } = program;
  const verbs = walkVerbs(program).filter(([path]) => path !== "");
  const title = name.toUpperCase();
  return `${[
    `.TH ${macro(title)} 1 ${macro(page.date)} ${macro(`fleetsweep ${page.version}`)} ${macro("fleetsweep")}`,
    ".SH NAME",
    `${text(name)} \\- ${text(lowerFirst(summary))}`,
    ".SH SYNOPSIS",
    `.B ${text(name)}`,
    "[\\fIoptions\\fR] \\fIverb\\fR [\\fIarguments\\fR]",
    ".SH DESCRIPTION",
    text(summary),
    "Data goes to standard output, and all else to standard error.",
    ".SH OPTIONS",
    ...options.flatMap(optionLines),
    ".SH VERBS",
    ...verbs.flatMap(([path, verb]) => verbLines(name, path, verb)),
    ".SH EXIT STATUS",
    ...exitCodes.flatMap(([code, means]) => [".TP", `.B ${code}`, text(means)]),
    ...(page.files.length === 0 ? [] : [".SH FILES"]),
    ...page.files.flatMap(([path, means]) => [".TP", `.I ${text(path)}`, text(means)]),
    ".SH SEE ALSO",
    page.seeAlso.map((other) => `.BR ${text(other)} (1)`).join(",\n"),
  ].join("\n")}\n`;
}

function verbLines(program: string, path: string, verb: VerbTree): readonly string[] {
  const words = verb.arguments.map(({ name, required, variadic }) => {
    const word = `\\fI${text(name)}\\fR${variadic ? " ..." : ""}`;
    return required ? word : `[${word}]`;
  });
  const rest = verb.verbs.length > 0 ? ["\\fIverb\\fR"] : words;
  return [
    `.SS ${macro(`${program} ${path}`)}`,
    `\\fB${text(`${program} ${path}`)}\\fR ${[...rest, "[\\fIoptions\\fR]"].join(" ")}`,
    ".PP",
    text(`${upperFirst(verb.summary)}.`),
    ...verb.arguments
      .filter(({ summary }) => summary !== "")
      .flatMap(({ name, summary, choices }) => [
        ".TP",
        `.I ${text(name)}`,
        text(withChoices(summary, choices)),
      ]),
    ...verb.options
      .filter(({ names }) => !names.includes("--help"))
      .flatMap((option) => optionLines(option)),
    ...exampleLines(verb.examples),
  ];
}

function optionLines({ flags, summary, choices, fallback }: VerbOption): readonly string[] {
  const said = withChoices(summary, choices);
  const means = fallback === null ? said : `${said} (default: ${fallback})`;
  return [".TP", `.B ${text(flags).replaceAll("-", "\\-")}`, text(means === "" ? flags : means)];
}

function exampleLines(examples: readonly string[]): readonly string[] {
  if (examples.length === 0) return [];
  const lines = examples.map((example) => text(example).replaceAll("-", "\\-"));
  return [".PP", "Examples:", ".PP", ".nf", ".RS 4", ...lines, ".RE", ".fi"];
}

function withChoices(summary: string, choices: readonly string[]): string {
  return choices.length === 0 ? summary : `${summary} (${choices.join(", ")})`;
}

/** Roff reads a backslash everywhere, and a dot or an apostrophe where a line begins. */
function text(plain: string): string {
  const escaped = plain.replaceAll("\\", "\\e").replaceAll("\n", " ");
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}

function macro(plain: string): string {
  return `"${text(plain).replaceAll('"', "\\(dq")}"`;
}

function lowerFirst(plain: string): string {
  return `${plain.charAt(0).toLowerCase()}${plain.slice(1)}`.replace(/\.$/, "");
}

function upperFirst(plain: string): string {
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}`;
}
