import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Argument, Command, Option } from "commander";
import { expect, test } from "vitest";
import { captureIo } from "../../testing/capture-io.ts";
import { makeTemporaryDirectory } from "../../testing/temporary-directory.ts";
import { completionShells, completionVerb } from "../completion-verb.ts";
import { runCli } from "../run-cli.ts";
import { readVerbTree } from "../verb-tree.ts";
import { bashCompletion } from "./bash.ts";
import { fishCompletion } from "./fish.ts";
import { zshCompletion } from "./zsh.ts";

function program(): Command {
  const root = new Command("sample-cli").description("a program");
  const format = new Option("-o, --format <how>", "how it's shown: 50 % of it").choices(["a", "b"]);
  root.command("show").argument("<file>").addOption(format).option("--out <file>", "where");
  const nested = root.command("plan");
  nested.command("add").option("--cron <line>", 'when, as in "0 2 * * *"', "@daily");
  nested.command("rm").addArgument(new Argument("<which>", "one").choices(["last", "all"]));
  return root;
}

const tree = readVerbTree(program());
const has = (shell: string) => spawnSync(shell, ["-c", "true"]).status === 0;

/** What bash offers for the last of the words. */
function completeInBash(...words: readonly string[]): string[] {
  const script = `${bashCompletion(tree)}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}
_sample_cli; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout.split("\n").filter((line) => line !== "");
}

test("bash completes verbs, verbs of verbs, options and choices", () => {
  expect(completeInBash("sample-cli", "")).toEqual(["show", "plan"]);
  expect(completeInBash("sample-cli", "pl")).toEqual(["plan"]);
  expect(completeInBash("sample-cli", "plan", "")).toEqual(["add", "rm"]);
  expect(completeInBash("sample-cli", "plan", "add", "--c")).toEqual(["--cron"]);
  expect(completeInBash("sample-cli", "plan", "rm", "l")).toEqual(["last"]);
  expect(completeInBash("sample-cli", "show", "--format", "")).toEqual(["a", "b"]);
  expect(completeInBash("sample-cli", "show", "-o", "b")).toEqual(["b"]);
});

test("bash offers nothing of its own, and so file names, where a value is free", () => {
  expect(completeInBash("sample-cli", "show", "--out", "")).toEqual([]);
  expect(completeInBash("sample-cli", "show", "x")).toEqual([]);
});

test.skipIf(!has("fish"))("fish completes the same (needs fish)", () => {
  const ask = (line: string) => {
    const script = `${fishCompletion(tree)}\ncomplete -C '${line}'`;
    const { stdout } = spawnSync("fish", ["--no-config", "-c", script], { encoding: "utf8" });
    return stdout.split("\n").filter((text) => text !== "");
  };
  expect(ask("sample-cli pl")).toEqual(["plan"]);
  expect(ask("sample-cli plan add --c")).toEqual(['--cron\twhen, as in "0 2 * * *"']);
  expect(ask("sample-cli show --format ")).toEqual([
    "a\thow it's shown: 50 % of it",
    "b\thow it's shown: 50 % of it",
  ]);
});

test.skipIf(!has("zsh"))("zsh can read its function (needs zsh)", () => {
  const checked = spawnSync("zsh", ["-n"], { input: zshCompletion(tree), encoding: "utf8" });
  expect([checked.stderr, checked.status]).toEqual(["", 0]);
});

/** What a terminal of zsh has in its line after the tab key. */
function completeInZsh(directory: string, line: string): string {
  const start = `PS1=""; fpath=(${directory} $fpath); autoload -Uz compinit; compinit -u -D; ${
    // Control-X says the line, so that no sign of the terminal has to be understood.
    `said() { print -r -- "<$BUFFER>" }; zle -N said; bindkey "^X" said; print -r -- "re""ady"`
  }`;
  const script = `zmodload zsh/zpty; zpty terminal zsh -f -i
    zpty -w terminal ${quoteWord(start)}
    zpty -r -m terminal seen "*ready*"
    zpty -w -n terminal ${quoteWord(line)}$'\\t\\x18'
    zpty -r -m terminal seen "*<*>*"; print -r -- $seen; zpty -d terminal`;
  const { stdout } = spawnSync("zsh", ["-f", "-c", script], { encoding: "utf8", timeout: 20_000 });
  return /<(.*?)>/.exec(stdout)?.[1] ?? `nothing: ${stdout}`;
}

const quoteWord = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

test.skipIf(!has("zsh"))(
  "zsh completes verbs, verbs of verbs, options and choices in a terminal (needs zsh)",
  { timeout: 60_000 },
  async () => {
    const { path, remove } = await makeTemporaryDirectory();
    await writeFile(join(path, "_sample-cli"), zshCompletion(tree));
    const lines = {
      "sample-cli pl": "sample-cli plan ",
      "sample-cli plan a": "sample-cli plan add ",
      "sample-cli plan add --c": "sample-cli plan add --cron ",
      "sample-cli plan rm l": "sample-cli plan rm last ",
      "sample-cli show -o b": "sample-cli show -o b ",
    };
    const completed = Object.keys(lines).map((line) => completeInZsh(path, line));
    expect(completed).toEqual(Object.values(lines));
    await remove();
  },
);

test("the verb completion prints for each shell, and refuses one that nobody knows", async () => {
  const cli = { description: "test", commands: [completionVerb((own) => own)] };
  for (const shell of Object.keys(completionShells)) {
    const { io, result } = captureIo();
    await runCli(cli, ["completion", shell], io);
    expect([result.code, result.talk]).toEqual([0, ""]);
    expect(result.out).toContain("completion");
  }
  const { io, result } = captureIo();
  await runCli(cli, ["completion", "tcsh"], io);
  expect([result.code, result.out]).toEqual([2, ""]);
});

test("examples name the program that shows them", async () => {
  const { io, result } = captureIo();
  const commands = [completionVerb((own) => own)];
  await runCli(
    { name: "fleetsweep-agent", description: "test", commands },
    ["completion", "--help"],
    io,
  );
  expect(result.out).toContain('eval "$(fleetsweep-agent completion bash)"');
  expect(result.out).toContain("  fleetsweep-agent completion fish | source\n");
});
