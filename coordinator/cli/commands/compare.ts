import type { CliCommand } from "../../../shared/cli/command.ts";
import { comparisonFormats } from "../../report/comparison-text.ts";
import { type CompareOptions, fetchComparison, withCompareOptions } from "../compare-client.ts";
import { pick } from "../document-client.ts";

export const compare: CliCommand = {
  name: "compare",
  summary: "compare two sweeps, hosts, classes, versions or values of an axis, cell by cell",
  examples: [
    "fleetsweep compare 01JD… 01JF…",
    "fleetsweep compare 01JD…,host=h1 01JD…,host=h2",
    "fleetsweep compare 01JD…,allocator=glibc 01JD…,allocator=jemalloc --objective throughput",
  ],

  declare(command, io) {
    withCompareOptions(command).action(async (a: string, b: string, options: CompareOptions) => {
      const render = pick(comparisonFormats, options.output, "format of a comparison");
      io.out(render(await fetchComparison(io, [a, b], options), io.columns));
    });
  },
};
