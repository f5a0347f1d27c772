import type { Command } from "commander";
import { formatColumns } from "../../shared/cli/columns.ts";
import type { Io } from "../../shared/cli/command.ts";
import { printable } from "../../shared/domain/text-layout.ts";
import { readRevocations, revocationsFile, revoke } from "../enrolment/revocations.ts";
import {
  type AuthorityOptions,
  auditVerb,
  authorityOf,
  parseName,
  withAuthority,
} from "./authority-verbs.ts";

interface RevokeOptions extends AuthorityOptions {
  readonly reason: string;
}

/** Adds `revoke NAME`: from then on no certificate counts that was issued to that name before. */
export function declareRevoke(command: Command, kind: "host" | "operator", io: Io): void {
  withAuthority(command.command("revoke"))
    .description(`end what the ${kind} may do, at once; its open streams end, too`)
    .argument("<name>", `the ${kind}`, parseName)
    .option("--reason <text>", "why, for the audit trail", "by the operator")
    .action(async (name: string, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<RevokeOptions>();
      const { directory } = await authorityOf(io, options);
      const { reason } = options;
      await revoke(revocationsFile(directory), { at_ms: Date.now(), kind, name, reason });
      await auditVerb(io, options, { action: `${kind} revoke`, target: `${kind}/${name}`, reason });
      io.talk(`the ${kind} ${name} is revoked\n`);
    });
}

/** Adds `revoked`: who was revoked, when and why. */
export function declareRevoked(command: Command, io: Io): void {
  withAuthority(command.command("revoked"))
    .description("list the hosts and operators that were revoked")
    .action(async (_: unknown, self: Command) => {
      const options = self.optsWithGlobals<AuthorityOptions>();
      const { directory } = await authorityOf(io, options);
      const found = await readRevocations(revocationsFile(directory));
      const rows = found.map(({ at_ms, kind, name, reason }) =>
        [new Date(at_ms).toISOString(), `${kind}/${name}`, reason].map(printable),
      );
      if (rows.length > 0) io.out(formatColumns([["AT", "WHO", "WHY"], ...rows]));
      else io.talk("nobody was revoked\n");
    });
}
