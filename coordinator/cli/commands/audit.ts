import { InvalidArgumentError } from "commander";
import { formatColumns } from "../../../shared/cli/columns.ts";
import type { CliCommand } from "../../../shared/cli/command.ts";
import { countOf, printable } from "../../../shared/domain/text-layout.ts";
import { auditFile, readAudit } from "../../enrolment/audit.ts";
import { type AuthorityOptions, withAuthority } from "../authority-verbs.ts";
import { stateDirectory } from "../state-place.ts";
import { wantsJson } from "../table-or-json.ts";

interface AuditOptions extends AuthorityOptions {
  readonly last: number;
  readonly output: string;
}

/** More than anybody reads, and little enough to hold. */
const maxEntries = 1_000_000;

export const audit: CliCommand = {
  name: "audit",
  summary: "show who did what to the fleet, or tried to",
  examples: ["fleetsweep audit", "fleetsweep audit --last 1000 -o json"],

  declare(command, io) {
    withAuthority(command)
      .option("--last <n>", "so many entries, the newest last", parseCount, 50)
      .option("-o, --output <format>", "table or json", "table")
      .action(async (options: AuditOptions) => {
        const json = wantsJson(options.output);
        const file = auditFile(stateDirectory(io, options.state));
        const { entries, damaged } = await readAudit(file, options.last);
        if (json) io.out(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
        else if (entries.length > 0) {
          const head = ["AT", "WHO", "FROM", "DID", "TO", "OUTCOME", "WHY"];
          const rows = entries.map(({ at, actor, peer, action, target, outcome, reason = "" }) =>
            [at, actor, peer, action, target || "-", outcome, reason].map(printable),
          );
          io.out(formatColumns([head, ...rows]));
        }
        if (entries.length === 0) io.talk(`no entries in ${file}\n`);
        if (damaged > 0) io.talk(`${countOf(damaged, "damaged line")} of ${file} left out\n`);
      });
  },
};

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= maxEntries) return count;
  throw new InvalidArgumentError(`it is a whole number from 1 to ${maxEntries}`);
}
