import { spawnSync } from "node:child_process";
import { Argument, Command, Option } from "commander";
import { expect, test } from "vitest";
import { captureIo } from "../../testing/capture-io.ts";
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
