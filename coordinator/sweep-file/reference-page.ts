import type { z } from "zod";
import { type Axis, axes } from "../../shared/domain/axis.ts";
import { hostFacts } from "../../shared/domain/host-facts.ts";
import { isaFlags } from "../../shared/domain/isa-flags.ts";
import { precisionModes } from "../../shared/domain/method.ts";
import { expressionLimits } from "../../shared/domain/parse-expression.ts";
import { placementKinds } from "../../shared/domain/placement-kinds.ts";
import { describeBaseline } from "../logic/planning/baselines.ts";
import { maxShardCells } from "../logic/planning/make-shards.ts";
import { planLimits } from "../logic/planning/outline-host.ts";
import { builtInRules } from "../logic/rules.ts";
import { baselineNames } from "../logic/sweep-spec.ts";
import { describeValues } from "./describe-values.ts";
import { fileLimits } from "./read-yaml.ts";
import {
  canaryWords,
  expressionWords,
  introduction,
  placementWords,
  rangeRows,
  ruleWords,
} from "./reference-words.ts";
import { sweepSchema } from "./sweep-schema.ts";

/** The reference of the sweep language as Markdown: what `docs/sweep-file.md` holds. */
export function referencePage(): string {
  const sections = [
    introduction,
    section("Keys", keysTable(sweepSchema.shape)),
    section("Axes", ...axisTables()),
    section("Values", table(["written", "stands for"], rangeRows)),
    section("Placements", placementWords, placementTable()),
    section("Expressions", expressionWords, `At most ${expressionLimits.characters} characters.`),
    section("Facts of hosts", factTable(), flagList()),
    section("Hosts", keysTable(sweepSchema.shape.hosts.unwrap().shape)),
    section("Method", keysTable(sweepSchema.shape.method.unwrap().shape), precisionTable()),
    section("Tune", keysTable(sweepSchema.shape.tune.unwrap().shape)),
    section("Baselines", baselineTable()),
    section("Canaries", canaryWords, keysTable(sweepSchema.shape.canaries.unwrap().shape)),
    section("Rules", ruleWords, ruleTable()),
    section("Limits", limitTable()),
  ];
  return `${sections.join("\n\n")}\n`;
}

function section(title: string, ...parts: readonly string[]): string {
  return [`## ${title}`, ...parts].join("\n\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}

function keysTable(shape: Readonly<Record<string, z.ZodType>>): string {
  const rows = Object.entries(shape).map(([key, schema]) => [code(key), schema.description ?? ""]);
  return table(["key", "meaning"], rows);
}

const axisKinds: readonly (readonly [Axis["kind"], string])[] = [
  ["runner", "What runs:"],
  ["call", "What one call carries:"],
  ["arrival", "How calls come to an instance:"],
  ["placement", "Where it runs:"],
  [
    "knob",
    "Settings of the process, which each runner heeds or ignores; ignored ones are left out of a cell:",
  ],
];

function axisTables(): readonly string[] {
  return axisKinds.flatMap(([kind, title]) => {
    const rows = axes
      .filter((axis) => axis.kind === kind)
      .map((axis) => [
        code(axis.name),
        axis.summary,
        describeValues(axis),
        axis.fallback === null ? "" : code(String(axis.fallback)),
      ]);
    return [title, table(["axis", "meaning", "values", "default"], rows)];
  });
}

function placementTable(): string {
  return table(
    ["placement", "gives"],
    placementKinds.map((kind) => [code(kind.name), kind.summary]),
  );
}

function factTable(): string {
  const rows = Object.entries(hostFacts).map(([name, fact]) => [code(name), fact.summary]);
  const beside = [
    [code("host"), "the host's id"],
    [code("label.NAME"), "a label that the host's operator set"],
  ];
  return table(["fact", "meaning"], [...rows, ...beside]);
}

function flagList(): string {
  return `CPU flags, true or false: ${isaFlags.map(code).join(", ")}.`;
}

function precisionTable(): string {
  const rows = Object.values(precisionModes).map((mode) => [
    code(mode.precision),
    Number.isFinite(mode.targetHalfWidth) ? `±${mode.targetHalfWidth * 100} %` : "none",
    `${mode.minLaunches} to ${mode.maxLaunches}`,
    `${mode.minCalls} to ${mode.maxCalls}`,
    `${mode.minSeconds} s to ${mode.maxSeconds} s`,
    `${mode.warmupMaxSeconds} s`,
  ]);
  return table(["precision", "interval", "launches", "calls", "timed", "warm-up at most"], rows);
}

function baselineTable(): string {
  return table(
    ["baseline", "is"],
    baselineNames.map((name) => [code(name), describeBaseline(name)]),
  );
}

function ruleTable(): string {
  return table(
    ["rule", "takes out"],
    builtInRules.map((rule) => [code(rule.name), rule.summary]),
  );
}

function limitTable(): string {
  return table(
    ["of", "at most"],
    [
      [
        "a file",
        `${fileLimits.bytes / 1024} KiB, ${fileLimits.depth} levels, ${fileLimits.aliases} aliases`,
      ],
      ["cells of a sweep on all hosts", planLimits.cells.toLocaleString("en-US")],
      [
        "combinations of the placement axes on a host",
        planLimits.placements.toLocaleString("en-US"),
      ],
      ["cells of a shard", String(maxShardCells)],
    ],
  );
}
