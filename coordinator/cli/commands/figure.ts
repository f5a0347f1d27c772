import type { CliCommand, Io } from "../../../shared/cli/command.ts";
import { suggest } from "../../../shared/domain/did-you-mean.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import type { FigureKind } from "../../figures/figure-kind.ts";
import type { FigureSpec } from "../../figures/figure-spec.ts";
import { figureStyles, parseStyle } from "../../figures/figure-style.ts";
import { figureKinds, findKind } from "../../figures/registry.ts";
import { withOperator, withPlaceOptions } from "../operator-client.ts";
import { fetchReport } from "../report-client.ts";
import type { PlaceOptions } from "../state-place.ts";
import { writeOutput } from "../write-output.ts";

interface FigureOptions extends PlaceOptions {
  readonly list?: boolean;
  readonly output: string;
  readonly out?: string;
  readonly style: string;
}

const formats = ["txt", "svg", "png"] as const;

export const figure: CliCommand = {
  name: "figure",
  summary: "draw one picture of a sweep: in the terminal, as SVG or as PNG",
  examples: [
    "fleetsweep figure --list",
    "fleetsweep figure 01JD… latency",
    "fleetsweep figure 01JD… speed-up -o png --out speed-up.png",
  ],

  declare(command, io) {
    withPlaceOptions(command)
      .argument("[sweep]", "the sweep's id")
      .argument("[name]", "the picture, see --list")
      .option("--list", "list the pictures and what each of them answers")
      .option("-o, --output <format>", formats.join(", "), "txt")
      .option("--out <file>", "where it goes; without it to the terminal, a PNG into NAME.png")
      .option("--style <style>", figureStyles.join(" or "), "lines")
      .action(async (sweepId: string | undefined, name: string | undefined, options) => {
        if ((options as FigureOptions).list === true) io.out(listKinds());
        else await drawFigure(io, { sweepId, name }, options as FigureOptions);
      });
  },
};

function listKinds(): string {
  const width = Math.max(...figureKinds.map(({ name }) => name.length));
  return figureKinds.map(({ name, answers }) => `${name.padEnd(width)}  ${answers}\n`).join("");
}

async function drawFigure(
  io: Io,
  { sweepId, name }: { sweepId: string | undefined; name: string | undefined },
  options: FigureOptions,
): Promise<void> {
  if (sweepId === undefined || name === undefined) {
    throw new FleetsweepError(
      "config.invalid",
      "usage: fleetsweep figure SWEEP NAME, or fleetsweep figure --list",
    );
  }
  const format = formats.find((some) => some === options.output);
  if (format === undefined) {
    const known = formats.join(", ");
    const message = `no picture format is called "${options.output}": ${known}`;
    throw new FleetsweepError("config.invalid", message);
  }
  const kind = chooseKind(name, options.style);
  const report = await withOperator(io, options, (operator) => fetchReport(operator, sweepId));
  const spec = kind.specify(report);
  if ("absent" in spec) {
    const message = `sweep ${sweepId} has no picture ${kind.name}: ${spec.absent}`;
    throw new FleetsweepError("config.invalid", message);
  }
  await write(io, { spec, kind, format }, options.out);
}

/** The picture of that name; in the style of the published charts bars stand for the lines of latency. */
function chooseKind(name: string, style: string): FigureKind {
  const wanted = parseStyle(style) === "blog" && name === "latency" ? "bars" : name;
  const kind = findKind(wanted);
  if (kind !== undefined) return kind;
  const names = figureKinds.map((some) => some.name);
  const near = suggest(name, names);
  const hint = near === null ? names.join(", ") : `did you mean ${near}?`;
  throw new FleetsweepError("config.invalid", `no picture is called "${name}": ${hint}`);
}

async function write(
  io: Io,
  picture: { spec: FigureSpec; kind: FigureKind; format: (typeof formats)[number] },
  out: string | undefined,
): Promise<void> {
  const { spec, kind, format } = picture;
  // What draws is loaded when it is needed: it would double the time in which any other verb starts.
  const { pictureFormats } = await import("../../charts/picture-formats.ts");
  const drawn = pictureFormats[format](spec, { name: kind.name, width: io.columns });
  if (out === undefined && typeof drawn === "string") io.out(drawn);
  else await writeOutput(io, out ?? `${kind.name}.${format}`, drawn);
}
