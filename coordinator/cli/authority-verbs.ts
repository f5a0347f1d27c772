import { userInfo } from "node:os";
import { type Command, InvalidArgumentError } from "commander";
import type { Io } from "../../shared/cli/command.ts";
import { tokenProblem } from "../../shared/domain/ids.ts";
import { AuditTrail, auditFile } from "../enrolment/audit.ts";
import { type Authority, requireAuthority } from "../enrolment/authority.ts";
import { stateDirectory } from "./state-place.ts";

export interface AuthorityOptions {
  readonly state?: string;
}

/** Adds the option that names the coordinator's state directory: these verbs work on its files. */
export function withAuthority(command: Command): Command {
  return command.option("--state <dir>", "the coordinator's state directory (FLEETSWEEP_STATE)");
}

/** The authority that a verb works on. @throws FleetsweepError config.invalid where there is none. */
export async function authorityOf(io: Io, options: AuthorityOptions): Promise<Authority> {
  return await requireAuthority(stateDirectory(io, options.state));
}

/** Writes down what a verb did on the coordinator's host, and by which of its users. */
export async function auditVerb(
  io: Io,
  options: AuthorityOptions,
  { action, target, reason }: { action: string; target: string; reason?: string },
): Promise<void> {
  const trail = new AuditTrail(auditFile(stateDirectory(io, options.state)), Date.now);
  const actor = `local/${userInfo().username}`;
  const why = reason === undefined ? {} : { reason };
  await trail.record({ actor, peer: "local", action, target, outcome: "allowed", ...why });
}

/** An argument that names a host or an operator. */
export function parseName(text: string): string {
  const problem = tokenProblem(text);
  if (problem !== undefined) throw new InvalidArgumentError(problem);
  return text;
}
