/** An identifier and the words that it is made of, in lower case. */
interface Identifier {
  readonly name: string;
  readonly line: number;
  readonly words: readonly string[];
  /** Its line, without texts and comments. */
  readonly code: string;
}

/** Words of the glossary's column "not": `job`, `test case`. Cells are lists with commas. */
export function parseForbiddenWords(glossary: string): readonly string[] {
  const rows = glossary.split("\n").filter((line) => line.startsWith("| **"));
  const cells = rows.map((row) => row.split("|").at(-2) ?? "");
  return cells
    .flatMap((cell) => cell.split(",").map((word) => word.trim().toLowerCase()))
    .filter(Boolean);
}

/**
 * Words that have another meaning here beside the one that the glossary rejects, so that a program
 * cannot tell a right use from a wrong one.
 */
export const otherMeanings: Readonly<Record<string, string>> = {
  affinity: "the kernel's CPU mask of a thread, which is read back",
  batch: "the batch of a model's input, and several rows or messages handled in one go",
  chunk: "a piece of a stream",
  config: "the settings of a program",
  group: "things grouped by a property; process groups and cgroups of the kernel",
  lock: "the lock of a state directory, which is one",
  pool: "the kernel's pools of huge pages",
  replica:
    "hosts that measure the same cells, as sweep files say; copies of a stream, as NATS says",
  retry: "trying again after a failure, which is what it says",
  socket: "the axis and the placements that users write so; the network's",
  trial: "one evaluation of a search, as the literature on tuners says",
  thread: "a thread of a process, as the runner counts them",
};

/** Places where others chose the word, by word. */
export const otherPeoplesWords: Readonly<Record<string, RegExp>> = {
  // A step of a graph, in the format's own schema; the Node that runs a program.
  node: /^agent\/runners\/onnxruntime\/onnx-proto\.ts$|^coordinator\/up\/|^shared\/cli\//,
  // /proc/PID/task lists the threads of a process.
  task: /^agent\/(host|runner)\//,
};

/**
 * `test case` forbids the words side by side. `node` forbids that one word alone, and only in what a
 * module shows: sysfs says it of NUMA nodes, ONNX of the steps of a graph, and Node runs it all.
 */
export function holds(identifier: Identifier, forbidden: string): boolean {
  const singular = identifier.words.map((word) => (word.endsWith("s") ? word.slice(0, -1) : word));
  if (forbidden === "node") return singular.join(" ") === "node" && isShown(identifier);
  return ` ${singular.join(" ")} `.includes(` ${forbidden} `);
}

/** Identifiers outside comments and texts. Texts may say socket and job: people do. */
export function listIdentifiers(source: string): readonly Identifier[] {
  return source
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " "))
    .split("\n")
    .flatMap((text, index) => inLine(text, index + 1));
}

const texts = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\$]|\$(?!\{))*`/g;

function inLine(text: string, line: number): readonly Identifier[] {
  const code = text.replace(texts, '""').replace(/\/\/.*/, "");
  const names = code.match(/[A-Za-z_$][\w$]*/g) ?? [];
  return names.map((name) => ({ name, line, words: splitWords(name), code }));
}

/** Exported, or a field of a type. */
function isShown({ name, code }: Identifier): boolean {
  return new RegExp(`^(export (async )?\\w+|\\s+readonly) ${name}\\b`).test(code);
}

/** `cpuIDList_of` → cpu, id, list, of. */
function splitWords(name: string): readonly string[] {
  const words = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? [];
  return words.map((word) => word.toLowerCase());
}
