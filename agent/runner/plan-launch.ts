import { readArrival } from "../../shared/domain/arrival.ts";
import { axes } from "../../shared/domain/axis.ts";
import { canaryAxis } from "../../shared/domain/canary.ts";
import type { AxisValue, Cell } from "../../shared/domain/cell.ts";
import { stringAxis } from "../../shared/domain/cell.ts";
import type { PlannedCell } from "../../shared/domain/log-event.ts";
import type { Method } from "../../shared/domain/method.ts";
import type { InstancePlacement, ResolvedPlacement } from "../../shared/domain/placement.ts";
import type { LaunchFailure } from "../../shared/domain/result.ts";
import {
  callAxes,
  type ParameterDeclaration,
  type RunnerDeclaration,
} from "../../shared/domain/runner-declaration.ts";
import type { KnobHost } from "../knobs/knob.ts";
import { knobs, setKnobs } from "../knobs/registry.ts";
import type { CatalogueEntry } from "../runners/catalogue-entry.ts";
import type { LaunchPlan, StartParameters } from "./launch-plan.ts";

/** Why cells cannot be launched here. The codes are described in CONTRACT.md. */
export interface LaunchRefusal {
  readonly refused: { readonly code: RefusalCode; readonly reason: string };
}

export const refusalCodes = [
  "runner-unknown",
  "runner-unavailable",
  "model-unknown",
  "dtype-unknown",
  "mode-unknown",
  "axis-unknown",
  "value-invalid",
  "placement-invalid",
  "knob-refused",
] as const;

type RefusalCode = (typeof refusalCodes)[number];

export interface LaunchRequest {
  /** Cells that agree in every axis but those of {@link callAxes}, in the order to measure. */
  readonly cells: readonly PlannedCell[];
  readonly placement: ResolvedPlacement;
  readonly method: Method;
  /** Which launch of its cells this is, from 1; 1 unless given. */
  readonly block?: number;
  readonly catalogue: readonly CatalogueEntry[];
  readonly knobHost: KnobHost;
}

/** Axes that the host's placement resolves before a launch is planned. */
const placementAxes = axes.filter((axis) => axis.kind === "placement").map((axis) => axis.name);

const commonAxes = ["runner", "mode", "dtype", "model", canaryAxis, ...callAxes];

/** Weights and inputs are the same in every sweep: a cell's id stands for equal work. */
const modelSeed = 1;

/**
 * Turns cells into a launch of this host's own making: every value is looked up in the catalogue or
 * the knobs, so nothing that came over the wire becomes a command, a path or a variable.
 */
export function planLaunch(request: LaunchRequest): LaunchPlan | LaunchRefusal {
  const [first] = request.cells;
  if (first === undefined) return refuse("value-invalid", "a launch without cells");
  const runner = stringAxis(first.cell, "runner") ?? "";
  const entry = request.catalogue.find(({ declaration }) => declaration.name === runner);
  if (entry === undefined) return refuse("runner-unknown", `this host has no runner "${runner}"`);
  const problem = request.cells.map(({ cell }) => checkCell(cell, entry)).find((found) => found);
  if (problem) return problem;
  const badPlacement = checkInstances(request.placement.instances);
  if (badPlacement !== null) return refuse("placement-invalid", badPlacement);
  const start = toStart(first.cell, entry);
  if ("refused" in start) return start;
  const settings = setKnobs(first.cell, request.placement.instances, request.knobHost);
  if ("refused" in settings) {
    return refuse("knob-refused", `${settings.knob}: ${settings.refused}`);
  }
  return {
    runner,
    runnerVersion: entry.declaration.version,
    argv: entry.argv,
    start: { ...start, seed: modelSeed },
    instances: request.placement.instances,
    bindingTool: toBindingTool(request.knobHost),
    settings,
    block: request.block ?? 1,
    cells: request.cells,
    method: request.method,
  };
}

function toBindingTool({ bindingTool, scopes }: KnobHost): LaunchPlan["bindingTool"] {
  if (scopes.manager === null || bindingTool === "none") return bindingTool;
  return scopes.manager === "delegated" ? `cgroup+${bindingTool}` : `systemd+${bindingTool}`;
}

/** What a refused cell's result says: asked for but impossible here, which no other launch would change. */
export function toRefusedOutcome({ refused }: LaunchRefusal): LaunchFailure {
  const message = `${refused.code}: ${refused.reason}`;
  return { type: "failed", reason: "refused", message, stderrTail: "" };
}

function refuse(code: RefusalCode, reason: string): LaunchRefusal {
  return { refused: { code, reason } };
}

function checkCell(cell: Cell, { declaration }: CatalogueEntry): LaunchRefusal | null {
  if (declaration.unavailable !== null) {
    return refuse("runner-unavailable", declaration.unavailable);
  }
  const knobAxes = knobs.flatMap(({ axes }) => axes);
  for (const [axis, value] of Object.entries(cell)) {
    if (commonAxes.includes(axis) || placementAxes.includes(axis)) continue;
    if (knobAxes.includes(axis) && declaration.knobs.includes(axis)) continue;
    const parameter = declaration.parameters[axis];
    if (parameter === undefined) {
      return refuse("axis-unknown", `${declaration.name} has no axis "${axis}"`);
    }
    const problem = checkParameter(parameter, value) ?? findRefusal(declaration, axis, value);
    if (problem !== null) return refuse("value-invalid", `${axis}: ${problem}`);
  }
  return checkShape(cell) ?? checkArrival(cell, declaration);
}

function checkArrival(cell: Cell, { name, arrivals }: RunnerDeclaration): LaunchRefusal | null {
  const arrival = readArrival(cell);
  if ("problem" in arrival) return refuse("value-invalid", arrival.problem);
  if ((arrivals ?? ["closed"]).includes(arrival.pattern)) return null;
  return refuse("value-invalid", `arrival: ${name} does not offer ${arrival.pattern}`);
}

/** A value that the runner takes elsewhere. Knobs have refusals of their own. */
function findRefusal(
  { knobRefusals = {} }: RunnerDeclaration,
  axis: string,
  value: AxisValue,
): string | null {
  const reasons = Object.hasOwn(knobRefusals, axis) ? (knobRefusals[axis] ?? {}) : {};
  return Object.hasOwn(reasons, String(value)) ? `${value}: ${reasons[String(value)]}` : null;
}

function checkParameter(parameter: ParameterDeclaration, value: AxisValue): string | null {
  switch (parameter.type) {
    case "choice":
      if (typeof value === "string" && parameter.values.includes(value)) return null;
      return `${value} is none of ${parameter.values.join(", ")}`;
    case "integer":
      if (isCount(value, parameter.min) && value <= parameter.max) return null;
      return `${value} is no whole number from ${parameter.min} to ${parameter.max}`;
    case "flag":
      return typeof value === "boolean" ? null : `${value} is neither true nor false`;
  }
}

function isCount(value: AxisValue | undefined, min: number): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= min;
}

function checkShape(cell: Cell): LaunchRefusal | null {
  for (const axis of ["batch_size", "sequence_length"]) {
    const value = cell[axis];
    if (value !== undefined && !isCount(value, 1)) {
      return refuse("value-invalid", `${axis}: ${value} is no positive whole number`);
    }
  }
  return null;
}

function checkInstances(instances: readonly InstancePlacement[]): string | null {
  const taken = new Set<number>();
  for (const { pus } of instances) {
    if (pus.length === 0) return "an instance without PUs";
    for (const pu of pus) {
      if (taken.has(pu)) return `PU ${pu} is given to two instances`;
      taken.add(pu);
    }
  }
  return instances.length === 0 ? "no instances" : null;
}

function toStart(cell: Cell, entry: CatalogueEntry): Omit<StartParameters, "seed"> | LaunchRefusal {
  const { declaration, models } = entry;
  const mode = stringAxis(cell, "mode") ?? declaration.modes[0] ?? "";
  const dtype = stringAxis(cell, "dtype") ?? declaration.dtypes[0] ?? "";
  const name = stringAxis(cell, "model") ?? "";
  const badWork = checkWork(declaration, mode, dtype);
  if (badWork !== null) return badWork;
  const source = Object.hasOwn(models, name) ? models[name] : undefined;
  if (source === undefined) {
    return refuse("model-unknown", `${declaration.name} has no model "${name}" on this host`);
  }
  if (source.kind === "file" && source.dtype !== null && source.dtype !== dtype) {
    return refuse("dtype-unknown", `model ${name} is declared as ${source.dtype}, not ${dtype}`);
  }
  const model =
    source.kind === "file"
      ? { kind: "file" as const, name, path: source.path }
      : { kind: "built-in" as const, name };
  return { mode, dtype, model, parameters: toParameters(cell, entry) };
}

function checkWork(
  { name, modes, dtypes, refusedPairs = {} }: RunnerDeclaration,
  mode: string,
  dtype: string,
): LaunchRefusal | null {
  const pair = `${mode} ${dtype}`;
  if (Object.hasOwn(refusedPairs, pair)) {
    return refuse("dtype-unknown", `${name} does not run ${pair} here: ${refusedPairs[pair]}`);
  }
  if (!modes.includes(mode)) return refuse("mode-unknown", `${name} has no mode "${mode}"`);
  if (!dtypes.includes(dtype)) return refuse("dtype-unknown", `${name} has no dtype "${dtype}"`);
  return null;
}

/** Declared parameters with their defaults, so that the runner gets each of them. */
function toParameters(cell: Cell, { declaration }: CatalogueEntry): Record<string, AxisValue> {
  const parameters = Object.entries(declaration.parameters);
  return Object.fromEntries(
    parameters.map(([name, parameter]) => [name, cell[name] ?? parameter.default]),
  );
}
