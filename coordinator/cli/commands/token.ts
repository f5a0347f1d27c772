import { resolve } from "node:path";
import type { CliCommand } from "../../../shared/cli/command.ts";
import { parseTimeSpan } from "../../../shared/domain/time-span.ts";
import { writeDurably } from "../../../shared/runtime/write-durably.ts";
import { formatJoinToken } from "../../../shared/security/join-token.ts";
import { createToken } from "../../enrolment/tokens.ts";
import {
  type AuthorityOptions,
  auditVerb,
  authorityOf,
  parseName,
  withAuthority,
} from "../authority-verbs.ts";

interface TokenOptions extends AuthorityOptions {
  readonly host?: string;
  readonly ttl: string;
  readonly out?: string;
}

export const token: CliCommand = {
  name: "token",
  summary: "make a join token, which lets one host in once",
  examples: [
    "fleetsweep token create --host numa-7",
    "fleetsweep token create --ttl 15m --out join.token",
  ],

  declare(command, io) {
    withAuthority(command.command("create"))
      .description("print a new join token")
      .option("--host <name>", "only for this host, also when it is enrolled already", parseName)
      .option("--ttl <time>", "how long it may be used: 90s, 15m, 1h, 7d", "1h")
      .option("--out <file>", "write it to a file that only you can read, not to the terminal")
      .action(async (options: TokenOptions) => {
        const lifetimeMs = parseTimeSpan(options.ttl, "--ttl");
        const authority = await authorityOf(io, options);
        const hostId = options.host ?? null;
        const made = await createToken(authority, { hostId, nowMs: Date.now(), lifetimeMs });
        const reason = `join token ${made.id}, for ${options.ttl}`;
        await auditVerb(io, options, {
          action: "token create",
          target: hostId === null ? "" : `host/${hostId}`,
          reason,
        });
        const text = `${formatJoinToken(made)}\n`;
        if (options.out === undefined) io.out(text);
        else await writeDurably(resolve(io.cwd, options.out), text);
        io.talk("On the host: fleetsweep agent --coordinator HOST:PORT --state DIR --join FILE\n");
      });
  },
};
