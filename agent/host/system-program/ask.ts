import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describeFailure } from "../../../shared/runtime/describe-failure.ts";
import type { SystemFacts } from "../../logic/complete-topology.ts";

/** Beside this module stands the program that answers. */
export const systemProgram = import.meta.url;

/** Five tools with ten seconds each, and the start of Node; a host has a few dozen DIMMs. */
const limits = { timeoutMs: 90_000, outputBytes: 1024 * 1024 } as const;

const run = promisify(execFile);

/**
 * The system's facts, asked for in a process of its own that is over then: what the library takes of memory
 * would stay with the agent for ever, which wants these facts once. What cannot be asked for is null.
 */
export async function askSystemFacts(
  argv: readonly string[],
  onTrouble: (reason: string) => void,
): Promise<SystemFacts> {
  const [program = "", ...args] = argv;
  try {
    const options = { timeout: limits.timeoutMs, maxBuffer: limits.outputBytes };
    const { stdout } = await run(program, args, options);
    return JSON.parse(stdout) as SystemFacts;
  } catch (error) {
    onTrouble(describeFailure(error));
    return { osName: null, dmi: null, dimms: null };
  }
}
