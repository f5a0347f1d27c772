import type { AgentCommand } from "./command.ts";
import { doctor } from "./commands/doctor.ts";
import { topology } from "./commands/topology.ts";

/** Every verb of the agent, in the order of the help. */
export const commands: readonly AgentCommand[] = [topology, doctor];
