import { type VerbTree, walkVerbs } from "../verb-tree.ts";

/**
 * A bash script that completes verbs, options and their choices; where there is nothing to choose from,
 * bash completes file names. Needs nothing but bash itself.
 */
export function bashCompletion(program: VerbTree): string {
  const verbs = walkVerbs(program);
  const name = `_${program.name.replaceAll("-", "_")}`;
  return `# bash completion for ${program.name}, made by '${program.name} completion bash'
${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} verb="" word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
    case "$verb/$word" in
${verbs.flatMap(([path, verb]) => verb.verbs.map((child) => `      "${path}/${child.name}") verb="${join(path, child.name)}" ;;`)).join("\n")}
    esac
  done
  case "$verb/$prev" in
${verbs.flatMap(([path, verb]) => valueCases(path, verb)).join("\n")}
  esac
  if [[ $cur == -* ]]; then
    case "$verb" in
${verbs.map(([path, verb]) => `      "${path}") words="${verb.options.flatMap(({ names }) => names).join(" ")}" ;;`).join("\n")}
    esac
  else
    case "$verb" in
${verbs.flatMap(([path, verb]) => wordCase(path, verb)).join("\n")}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o bashdefault -o default -F ${name} ${program.name}
`;
}

function join(path: string, name: string): string {
  return `${path} ${name}`.trim();
}

/** After an option that takes a value: its choices, or file names, which an empty answer asks for. */
function valueCases(path: string, verb: VerbTree): readonly string[] {
  return verb.options
    .filter(({ value }) => value !== null)
    .map(({ names, choices }) => {
      const patterns = names.map((option) => `"${path}/${option}"`).join(" | ");
      const reply = choices.length === 0 ? "" : `$(compgen -W "${choices.join(" ")}" -- "$cur")`;
      return `    ${patterns}) COMPREPLY=(${reply}) && return ;;`;
    });
}

function wordCase(path: string, verb: VerbTree): readonly string[] {
  const words = [
    ...verb.verbs.map(({ name }) => name),
    ...verb.arguments.flatMap(({ choices }) => choices),
  ];
  return words.length === 0 ? [] : [`      "${path}") words="${words.join(" ")}" ;;`];
}
