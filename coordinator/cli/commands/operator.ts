import { resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import type { CliCommand } from "../../../shared/cli/command.ts";
import { isRole, type OperatorRole, operatorRoles } from "../../../shared/domain/identity.ts";
import { parseTimeSpan } from "../../../shared/domain/time-span.ts";
import { writeCredentials } from "../../../shared/security/credentials.ts";
import { issueCredentials } from "../../enrolment/authority.ts";
import {
  type AuthorityOptions,
  auditVerb,
  authorityOf,
  parseName,
  withAuthority,
} from "../authority-verbs.ts";
import { declareRevoke } from "../revoke-verb.ts";

interface CreateOptions extends AuthorityOptions {
  readonly role: OperatorRole;
  readonly ttl: string;
  readonly out: string;
}

export const operator: CliCommand = {
  name: "operator",
  summary: "make credentials for a person or a program, or revoke them",
  examples: [
    "fleetsweep operator create ann --role run --out ./ann",
    'fleetsweep operator revoke ann --reason "left the team"',
  ],

  declare(command, io) {
    withAuthority(command.command("create"))
      .description("make an operator's credentials: a directory to hand over and to keep secret")
      .argument("<name>", "who it is", parseName)
      .requiredOption("--role <role>", `what it may do: ${operatorRoles.join(", ")}`, parseRole)
      .requiredOption("--out <dir>", "directory for the credentials")
      .option("--ttl <time>", "how long they are valid", "30d")
      .action(async (name: string, { role, ttl, out, ...options }: CreateOptions) => {
        const lifetimeMs = parseTimeSpan(ttl, "--ttl");
        const authority = await authorityOf(io, options);
        const identity = { kind: "operator", name, role } as const;
        const held = await issueCredentials(authority, identity, { nowMs: Date.now(), lifetimeMs });
        const target = `operator/${role}/${name}`;
        await auditVerb(io, options, { action: "operator create", target, reason: `for ${ttl}` });
        const directory = resolve(io.cwd, out);
        await writeCredentials(directory, held);
        io.out(`${directory}\n`);
        io.talk("Use them with --credentials DIR or FLEETSWEEP_CREDENTIALS.\n");
      });
    declareRevoke(command, "operator", io);
  },
};

function parseRole(text: string): OperatorRole {
  if (isRole(text)) return text;
  throw new InvalidArgumentError(`it is one of ${operatorRoles.join(", ")}`);
}
