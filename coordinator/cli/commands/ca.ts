import { hostname } from "node:os";
import { join } from "node:path";
import type { CliCommand } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { toHostId } from "../../../shared/domain/ids.ts";
import { describeFailure } from "../../../shared/runtime/describe-failure.ts";
import { makeDirectory } from "../../../shared/runtime/make-directory.ts";
import { writeCredentials } from "../../../shared/security/credentials.ts";
import { initAuthority, issueCredentials } from "../../enrolment/authority.ts";
import {
  type AuthorityOptions,
  auditVerb,
  authorityOf,
  withAuthority,
} from "../authority-verbs.ts";
import { operatorDirectory } from "../find-credentials.ts";
import { stateDirectory } from "../state-place.ts";

/** Whoever can read the authority's key can make any credentials: a longer life costs nothing here. */
const adminLifetimeMs = 365 * 86_400_000;

export const ca: CliCommand = {
  name: "ca",
  summary: "make the authority that signs the certificates of a fleet",
  examples: ["fleetsweep ca init --state /var/lib/fleetsweep", "fleetsweep ca show"],

  declare(command, io) {
    withAuthority(command.command("init"))
      .description("make an authority in a coordinator's state directory")
      .action(async (options: AuthorityOptions) => {
        const state = stateDirectory(io, options.state);
        await makeDirectory(state, 0o700).catch((error: unknown) => {
          const found = describeFailure(error);
          const what = `cannot make the state directory ${state}: ${found}`;
          throw new FleetsweepError("state.unusable", what, { cause: error });
        });
        const nowMs = Date.now();
        const authority = await initAuthority(state, nowMs);
        const admin = { kind: "operator", name: toHostId(hostname()), role: "admin" } as const;
        const held = await issueCredentials(authority, admin, {
          nowMs,
          lifetimeMs: adminLifetimeMs,
        });
        await writeCredentials(join(state, operatorDirectory), held);
        await auditVerb(io, options, { action: "ca init", target: authority.fingerprint });
        io.out(`${authority.fingerprint}\n`);
        io.talk(
          `The authority is in ${authority.directory}: keep a copy of it, and keep it secret.\n`,
        );
        io.talk("A coordinator with this state directory speaks TLS from its next start on.\n");
        io.talk("Let a host in with `fleetsweep token create --host NAME`.\n");
      });
    withAuthority(command.command("show"))
      .description("print the authority's fingerprint")
      .action(async (options: AuthorityOptions) => {
        const { fingerprint } = await authorityOf(io, options);
        io.out(`${fingerprint}\n`);
      });
  },
};
