import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { CliCommand } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { buildReport } from "../../analysis/build-report.ts";
import { parsePublished } from "../../published/parse-tables.ts";
import { publishedInputs } from "../../published/published-input.ts";
import { reportFormats } from "../../report/formats.ts";
import { pick } from "../document-client.ts";

const largestBytes = 64 * 2 ** 20;

export const importCommand: CliCommand = {
  name: "import",
  summary: "analyse published figures as if they were a sweep; contacts no coordinator",
  examples: [
    "fleetsweep import part2-allocators.json",
    "fleetsweep import part1-multi-instance.json --table batch_scaling -o json",
  ],

  declare(command, io) {
    command
      .argument("<file>", "tables with columns and rows, see docs/results.md")
      .option("--table <name>", "only this table of the file")
      .option("-o, --output <format>", Object.keys(reportFormats).join(", "), "table")
      .action(async (file: string, options: { table?: string; output: string }) => {
        const render = pick(reportFormats, options.output, "report format");
        const document = parsePublished(await read(resolve(io.cwd, file)), basename(file));
        const tables = document.tables.filter(
          ({ name }) => options.table === undefined || name === options.table,
        );
        const inputs = tables.flatMap((table) => publishedInputs(document, table));
        if (inputs.length === 0) {
          const known = document.tables.map(({ name }) => name).join(", ");
          throw new FleetsweepError("config.invalid", `no latencies in that table; ${known}`);
        }
        io.out(inputs.map((input) => render(buildReport(input), io.columns)).join("\n"));
      });
  },
};

async function read(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new FleetsweepError("config.invalid", `${path} cannot be read: ${String(error)}`);
  });
  if (text.length <= largestBytes) return text;
  throw new FleetsweepError("config.invalid", `${path} has over ${largestBytes} characters`);
}
