import { readFile } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import type { CliCommand, Io } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { buildReport } from "../../analysis/build-report.ts";
import { figureStyles, parseStyle } from "../../figures/figure-style.ts";
import { parsePublished } from "../../published/parse-tables.ts";
import { publishedInputs } from "../../published/published-input.ts";
import { formatNames, renderReport } from "../../report/formats.ts";
import { writeOutput } from "../write-output.ts";

const largestBytes = 64 * 2 ** 20;

export const importCommand: CliCommand = {
  name: "import",
  summary: "analyse published figures as if they were a sweep; contacts no coordinator",
  examples: [
    "fleetsweep import part2-allocators.json",
    "fleetsweep import part1-multi-instance.json --table batch_scaling -o json",
    "fleetsweep import part2-core-scaling.json -o html --style blog --out report.html",
  ],

  declare(command, io) {
    command
      .argument("<file>", "tables with columns and rows, see docs/results.md")
      .option("--table <name>", "only this table of the file")
      .option("-o, --output <format>", formatNames.join(", "), "table")
      .option("--out <file>", "where it goes; of several HTML pages each gets its table's name")
      .option(
        "--style <style>",
        `pictures of an HTML report: ${figureStyles.join(" or ")}`,
        "lines",
      )
      .action(async (file: string, options: ImportOptions) => {
        const style = parseStyle(options.style);
        const document = parsePublished(await read(resolve(io.cwd, file)), basename(file));
        const tables = document.tables.filter(
          ({ name }) => options.table === undefined || name === options.table,
        );
        const inputs = tables.flatMap((table) => publishedInputs(document, table));
        if (inputs.length === 0) {
          const known = document.tables.map(({ name }) => name).join(", ");
          throw new FleetsweepError("config.invalid", `no latencies in that table; ${known}`);
        }
        const texts: Rendered[] = [];
        for (const input of inputs) {
          const view = { width: io.columns, style };
          const text = await renderReport(options.output, buildReport(input), view);
          texts.push({ name: input.sweep.name, text });
        }
        await write(io, texts, options);
      });
  },
};

interface ImportOptions {
  readonly table?: string;
  readonly output: string;
  readonly out?: string;
  readonly style: string;
}

interface Rendered {
  readonly name: string;
  readonly text: string;
}

/** Texts follow each other; a page is a file of its own. */
async function write(
  io: Io,
  texts: readonly Rendered[],
  { output, out }: ImportOptions,
): Promise<void> {
  const isPages = output === "html" && texts.length > 1;
  if (isPages && out === undefined) {
    const what = `${texts.length} tables are ${texts.length} pages: choose one with --table, or give --out`;
    throw new FleetsweepError("config.invalid", what);
  }
  const together = texts.map(({ text }) => text).join("\n");
  if (out === undefined) io.out(together);
  else if (!isPages) await writeOutput(io, out, together);
  else for (const { name, text } of texts) await writeOutput(io, pageName(out, name), text);
}

/** `report.html` of table t is `report.t.html`. */
function pageName(out: string, table: string): string {
  const extension = extname(out);
  const safe = table.replaceAll(/[^\w.-]/g, "-");
  return `${out.slice(0, out.length - extension.length)}.${safe}${extension}`;
}

async function read(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new FleetsweepError("config.invalid", `${path} cannot be read: ${String(error)}`);
  });
  if (text.length <= largestBytes) return text;
  throw new FleetsweepError("config.invalid", `${path} has over ${largestBytes} characters`);
}
