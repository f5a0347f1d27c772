import type { CliCommand } from "../../../shared/cli/command.ts";
import { countOf } from "../../../shared/domain/text-layout.ts";
import type { Comparison } from "../../analysis/comparison.ts";
import { comparisonFormats } from "../../report/comparison-text.ts";
import { type CompareOptions, fetchComparison, withCompareOptions } from "../compare-client.ts";
import { pick } from "../document-client.ts";

/** What can close a gate, by the name that `--fail-on` takes. */
const conditions: Readonly<Record<string, (comparison: Comparison) => string | null>> = {
  regression: ({ counts }) =>
    counts.regressed > 0 ? `${countOf(counts.regressed, "cell")} regressed` : null,
  inconclusive: ({ counts }) =>
    counts.inconclusive > 0 ? `${countOf(counts.inconclusive, "cell")} inconclusive` : null,
  missing: ({ onlyA }) => (onlyA > 0 ? `${countOf(onlyA, "cell")} of A not measured in B` : null),
  "not-enough-data": ({ outcome }) =>
    outcome === "not-enough-data" ? "no cell has intervals on both sides" : null,
};

interface GateOptions extends CompareOptions {
  readonly failOn: string;
}

export const gate: CliCommand = {
  name: "gate",
  summary: "compare B with A and end with exit code 1 where it is worse; for CI",
  examples: [
    "fleetsweep gate 01JD… 01JF… --fail-on regression",
    "fleetsweep gate 01JD… 01JF… --fail-on regression,missing,not-enough-data --margin 2",
  ],

  declare(command, io) {
    const names = Object.keys(conditions).join(", ");
    withCompareOptions(command)
      .option("--fail-on <list>", names, "regression,not-enough-data")
      .addHelpText(
        "after",
        "\nExit codes: 0 the gate is open, 1 it is closed, 2 a wrong argument or an unknown sweep,\n3 no coordinator answers.\n",
      )
      .action(async (a: string, b: string, options: GateOptions) => {
        const checks = options.failOn
          .split(",")
          .map((name) => pick(conditions, name.trim(), "reason to fail"));
        const render = pick(comparisonFormats, options.output, "format of a comparison");
        const comparison = await fetchComparison(io, [a, b], options);
        io.out(render(comparison, io.columns));
        const why = checks.flatMap((check) => check(comparison) ?? []);
        io.talk(
          why.length === 0 ? "the gate is open\n" : `the gate is closed: ${why.join("; ")}\n`,
        );
        io.exitWith(why.length === 0 ? 0 : 1);
      });
  },
};
