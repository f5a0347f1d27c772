import type { CliCommand } from "../../shared/cli/command.ts";
import { completionVerb } from "../../shared/cli/completion-verb.ts";
import { agent } from "./commands/agent.ts";
import { doctor } from "./commands/doctor.ts";
import { runner } from "./commands/runner.ts";
import { runtimes } from "./commands/runtimes.ts";
import { topology } from "./commands/topology.ts";

/** Every verb of the agent's program, in the order of the help. */
export const commands: readonly CliCommand[] = [
  agent,
  topology,
  doctor,
  runner,
  runtimes,
  completionVerb((tree) => tree),
];
