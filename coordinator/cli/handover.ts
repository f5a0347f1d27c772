import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { CliCommand, Io } from "../../shared/cli/command.ts";
import type { VerbTree } from "../../shared/cli/verb-tree.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { smallHeapFlags } from "../../shared/runtime/small-heap.ts";

/** The agent's program calls itself by this name in its help, where it would say `fleetsweep-agent` else. */
const ownName = "fleetsweep";

/**
 * A verb that the agent's program answers, for the coordinator's program knows nothing of hosts: it
 * runs with the same words, the same terminal and its exit code becomes ours.
 */
export function handoverCommand(name: string, summary: string): CliCommand {
  return {
    name,
    summary,
    examples: [],
    declare(command, io) {
      command
        .helpOption(false)
        .allowUnknownOption()
        .allowExcessArguments()
        .argument("[words...]")
        .action(async (words: string[]) => {
          io.exitWith(await runAgentProgram([name, ...words], io));
        });
    },
  };
}

/** The agent's entry stands beside the coordinator's, built or not. */
export function agentProgram(): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`../../agent/main.${extension}`, import.meta.url));
}

/** The verbs of the agent's program, which alone knows their options. */
export async function readAgentVerbs({ node }: Io): Promise<VerbTree> {
  const words = [...node.execArgv, agentProgram(), "completion", "json"];
  const child = spawn(node.execPath, words, {
    argv0: ownName,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(await text(child.stdout)) as VerbTree;
}

async function runAgentProgram(words: readonly string[], io: Io): Promise<number> {
  const { execPath, execArgv, version } = io.node;
  // The one that stays; the others are over soon.
  const flags = words[0] === "agent" ? smallHeapFlags(version) : [];
  const child = spawn(execPath, [...execArgv, ...flags, agentProgram(), ...words], {
    argv0: ownName,
    stdio: "inherit",
  });
  // A terminal sends Ctrl-C to both; a signal for us alone is passed on.
  io.signal.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  if (code !== null) return code;
  throw new FleetsweepError("program.died", `the agent's program ended by ${signal}`);
}
