import { type VerbOption, type VerbTree, walkVerbs } from "../verb-tree.ts";

/** A zsh function for a directory of `fpath`, as `_fleetsweep`: like that of bash, with a word on each choice. */
export function zshCompletion(program: VerbTree): string {
  const verbs = walkVerbs(program);
  // The name of its file, which zsh gives to the function that it makes of it.
  const name = `_${program.name}`;
  return `#compdef ${program.name}
# made by '${program.name} completion zsh'
${name}() {
  local verb="" word
  local -a found
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$verb/$word" in
${verbs.flatMap(([path, verb]) => verb.verbs.map((child) => `      ${quote(`${path}/${child.name}`)}) verb=${quote(`${path} ${child.name}`.trim())} ;;`)).join("\n")}
    esac
  done
  case "$verb/\${words[CURRENT-1]}" in
${verbs.flatMap(([path, verb]) => verb.options.filter(({ value }) => value !== null).map((option) => valueCase(path, option))).join("\n")}
  esac
  if [[ $PREFIX == -* ]]; then
    case "$verb" in
${verbs.map(([path, verb]) => `      ${quote(path)}) found=(${verb.options.flatMap(describeOption).join(" ")}) ;;`).join("\n")}
    esac
    _describe -o option found
    return
  fi
  case "$verb" in
${verbs.flatMap(([path, verb]) => wordCase(path, verb)).join("\n")}
  esac
  if (( \${#found} )); then _describe word found; else _files; fi
}
if [ "$funcstack[1]" = "${name}" ]; then ${name} "$@"; else compdef ${name} ${program.name}; fi
`;
}

function valueCase(path: string, { names, choices }: VerbOption): string {
  const patterns = names.map((option) => quote(`${path}/${option}`)).join(" | ");
  const action = choices.length === 0 ? "_files" : `compadd -- ${choices.map(quote).join(" ")}`;
  return `    ${patterns}) ${action}; return ;;`;
}

function describeOption({ names, summary }: VerbOption): readonly string[] {
  return names.map((option) => describe(option, summary));
}

function wordCase(path: string, verb: VerbTree): readonly string[] {
  const words = [
    ...verb.verbs.map((child) => describe(child.name, child.summary)),
    ...verb.arguments.flatMap(({ choices, summary }) =>
      choices.map((choice) => describe(choice, summary)),
    ),
  ];
  return words.length === 0 ? [] : [`    ${quote(path)}) found=(${words.join(" ")}) ;;`];
}

/** `_describe` splits at the first colon that is not escaped. */
function describe(word: string, summary: string): string {
  return quote(`${word.replaceAll(":", "\\:")}:${summary}`);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
