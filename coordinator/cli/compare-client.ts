import type { Command } from "commander";
import type { CompareCellsResponse__Output } from "../../proto/gen/fleetsweep/v1/CompareCellsResponse.ts";
import type { Io } from "../../shared/cli/command.ts";
import type { Comparison } from "../analysis/comparison.ts";
import { collectDocument } from "./document-client.ts";
import { readMargin, withMargin } from "./margin-option.ts";
import { withOperator, withPlaceOptions } from "./operator-client.ts";
import type { PlaceOptions } from "./state-place.ts";

export interface CompareOptions extends PlaceOptions {
  readonly objective: string;
  readonly margin: string;
  readonly output: string;
}

/** What `compare` and `gate` share. */
export function withCompareOptions(command: Command): Command {
  return withMargin(withPlaceOptions(command))
    .argument("<a>", "a sweep's id, with filters behind it: 01JD…,host=h1,allocator=glibc")
    .argument("<b>", "what it is compared with, in the same form")
    .option("--objective <name>", "latency or throughput", "latency")
    .option("-o, --output <format>", "table, json or csv", "table");
}

/** Asks the coordinator to compare. @throws FleetsweepError config.invalid, sweep.not_found */
export async function fetchComparison(
  io: Io,
  sides: readonly [a: string, b: string],
  options: CompareOptions,
): Promise<Comparison> {
  const [a, b] = sides;
  const margin = readMargin(options.margin);
  const request = { a, b, objective: options.objective, margin };
  return await withOperator(io, options, (operator) =>
    collectDocument<Comparison>(
      operator.stream<CompareCellsResponse__Output>((client) => client.compareCells(request)),
    ),
  );
}
