import { type VerbOption, type VerbTree, walkVerbs } from "../verb-tree.ts";

/** A fish script: one line a verb, an option and a choice, each under the verb where it holds. */
export function fishCompletion(program: VerbTree): string {
  const verbs = walkVerbs(program);
  const at = `__${program.name.replaceAll("-", "_")}_at`;
  const begin = (path: string) => `complete -c ${program.name} -n ${quote(`${at} ${quote(path)}`)}`;
  const lines = verbs.flatMap(([path, verb]) => [
    ...(verb.verbs.length === 0 ? [] : [`${begin(path)} -f`]),
    ...verb.verbs.map(({ name, summary }) => `${begin(path)} -a ${name} -d ${quote(summary)}`),
    ...verb.arguments.flatMap(({ choices, summary }) =>
      choices.map((choice) => `${begin(path)} -f -a ${quote(choice)} -d ${quote(summary)}`),
    ),
    ...verb.options.map((option) => `${begin(path)} ${optionWords(option)}`),
  ]);
  const steps = verbs.flatMap(([path, verb]) =>
    verb.verbs.map(
      ({ name }) =>
        `            case ${quote(`${path}/${name}`)}\n                set verb ${quote(`${path} ${name}`.trim())}`,
    ),
  );
  return `# fish completion for ${program.name}, made by '${program.name} completion fish'
function ${at}
    set -l verb ''
    for word in (commandline -opc)[2..-1]
        switch "$verb/$word"
${steps.join("\n")}
        end
    end
    test "$verb" = "$argv[1]"
end
${lines.join("\n")}
`;
}

function optionWords({ names, summary, value, choices }: VerbOption): string {
  const flags = names.map((name) =>
    name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
  );
  const takes = value === null ? [] : ["-r"];
  const offers = choices.length === 0 ? [] : ["-f", "-a", quote(choices.join(" "))];
  return [...flags, ...takes, ...offers, "-d", quote(summary)].join(" ");
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
