import { readFile } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import type { CliCommand, Io } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { buildReport } from "../../analysis/build-report.ts";
import { parseSide } from "../../analysis/compare/side.ts";
import { defaultMargin } from "../../analysis/margin.ts";
import type { ReportInput } from "../../analysis/report-input.ts";
import { figureStyles, parseStyle } from "../../figures/figure-style.ts";
import { comparePublished } from "../../published/compare-published.ts";
import { parsePublished } from "../../published/parse-tables.ts";
import { publishedInputs } from "../../published/published-input.ts";
import { comparisonFormats } from "../../report/comparison-text.ts";
import { formatNames, renderReport } from "../../report/formats.ts";
import { pick } from "../document-client.ts";
import { writeOutput } from "../write-output.ts";

const largestBytes = 64 * 2 ** 20;

export const importCommand: CliCommand = {
  name: "import",
  summary: "analyse published figures as if they were a sweep; contacts no coordinator",
  examples: [
    "fleetsweep import part2-allocators.json",
    "fleetsweep import part1-multi-instance.json --table batch_scaling -o json",
    "fleetsweep import part2-core-scaling.json -o html --style blog --out report.html",
    "fleetsweep import part1.json,runner=pytorch --against part2.json,runner=pytorch,mode=eager",
  ],

  declare(command, io) {
    command
      .argument("<file>", "tables with columns and rows, see docs/results.md")
      .option("--table <name>", "only this table of the file")
      .option("--against <file>", "compare with another publication; both sides take filters")
      .option(
        "-o, --output <format>",
        `${formatNames.join(", ")}; of a comparison table, json or csv`,
        "table",
      )
      .option("--out <file>", "where it goes; of several HTML pages each gets its table's name")
      .option(
        "--style <style>",
        `pictures of an HTML report: ${figureStyles.join(" or ")}`,
        "lines",
      )
      .action(async (file: string, options: ImportOptions) => {
        if (options.against !== undefined) {
          await compare(io, file, { ...options, against: options.against });
          return;
        }
        const style = parseStyle(options.style);
        const inputs = await readInputs(io, file, options.table);
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
  readonly against?: string;
  readonly output: string;
  readonly out?: string;
  readonly style: string;
}

/** The tables with latencies of a file, or the one of that name; at least one. */
async function readInputs(
  io: Io,
  file: string,
  table: string | undefined,
): Promise<readonly ReportInput[]> {
  const document = parsePublished(await read(resolve(io.cwd, file)), basename(file));
  const tables = document.tables.filter(({ name }) => table === undefined || name === table);
  const inputs = tables.flatMap((some) => publishedInputs(document, some));
  if (inputs.length > 0) return inputs;
  const known = document.tables.map(({ name }) => name).join(", ");
  throw new FleetsweepError("config.invalid", `no latencies in that table; ${known}`);
}

/** The first table of each side, which is the named one of the first file, cell by cell. */
async function compare(
  io: Io,
  file: string,
  { against, table, output, out }: ImportOptions & { readonly against: string },
): Promise<void> {
  const render = pick(comparisonFormats, output, "format of a comparison");
  const [a, b] = [parseSide(file), parseSide(against)];
  const [left] = await readInputs(io, a.sweepId, table);
  const [right] = await readInputs(io, b.sweepId, undefined);
  if (left === undefined || right === undefined) return;
  const found = comparePublished(
    { input: left, side: a },
    { input: right, side: b },
    defaultMargin,
  );
  const text = render(found, io.columns);
  if (out === undefined) io.out(text);
  else await writeOutput(io, out, text);
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
