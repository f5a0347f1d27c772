import type { Assign, Assign__Output } from "../../proto/gen/fleetsweep/v1/Assign.ts";
import type {
  Method__Output,
  Method as MethodMessage,
} from "../../proto/gen/fleetsweep/v1/Method.ts";
import type { Parameter, Parameter__Output } from "../../proto/gen/fleetsweep/v1/Parameter.ts";
import type { Assignment } from "../domain/assignment.ts";
import type { AxisValue, Cell } from "../domain/cell.ts";
import { FleetsweepError } from "../domain/errors.ts";
import {
  type Method,
  type NoisePolicy,
  noisePolicies,
  type Precision,
  precisionModes,
} from "../domain/method.ts";

export function toAssign(assignment: Assignment): Assign {
  const { grantId, sweepId, shardId, method, cells, counted } = assignment;
  return {
    grantId,
    sweepId,
    shardId,
    method: toMethod(method),
    cells: cells.map(({ cellId, cell }) => ({ cellId, parameters: toParameters(cell) })),
    counted: counted.map((launch) => ({
      ...launch,
      medianNs: launch.medianNs ?? 0,
      failure: launch.failure ?? "",
      elapsedMs: launch.elapsedMs ?? 0,
    })),
  };
}

/** @throws FleetsweepError link.protocol where a field has no meaning in this version. */
export function fromAssign(message: Assign__Output): Assignment {
  const { grantId, sweepId, shardId, method, cells, counted } = message;
  if (grantId === "" || sweepId === "" || shardId === "" || method === null) {
    throw new FleetsweepError("link.protocol", "an Assign without its ids or its method");
  }
  return {
    grantId,
    sweepId,
    shardId,
    method: fromMethod(method),
    cells: cells.map(({ cellId, parameters }) => ({ cellId, cell: fromParameters(parameters) })),
    counted: counted.map((launch) => ({
      ...launch,
      medianNs: positiveOrNull(launch.medianNs),
      failure: launch.failure === "" ? null : launch.failure,
      elapsedMs: positiveOrNull(launch.elapsedMs),
    })),
  };
}

function toParameters(cell: Cell): Parameter[] {
  return Object.entries(cell).map(([name, value]) => {
    if (typeof value === "string") return { name, text: value };
    return typeof value === "number" ? { name, number: value } : { name, flag: value };
  });
}

function fromParameters(parameters: readonly Parameter__Output[]): Cell {
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, valueOf(parameter)]));
}

function valueOf(parameter: Parameter__Output): AxisValue {
  const value = parameter.value === undefined ? undefined : parameter[parameter.value];
  if (value !== undefined) return value;
  throw new FleetsweepError("link.protocol", `the axis ${parameter.name} came without a value`);
}

function toMethod({ interleave, ...method }: Method): MethodMessage {
  return {
    ...method,
    targetHalfWidth: finiteOrZero(method.targetHalfWidth),
    inSequence: !interleave,
    maxCellSeconds: method.maxCellSeconds ?? 0,
    maxSweepSeconds: method.maxSweepSeconds ?? 0,
  };
}

function fromMethod({ inSequence, ...message }: Method__Output): Method {
  const { precision, isolation, targetHalfWidth } = message;
  const noise = message.noise === "" ? "retry" : message.noise;
  if (!isPrecision(precision) || !isIsolation(isolation) || !isNoisePolicy(noise)) {
    const found = `precision "${precision}", isolation "${isolation}", noise "${noise}"`;
    throw new FleetsweepError(
      "link.protocol",
      `a method that this version does not know: ${found}`,
    );
  }
  return {
    ...message,
    precision,
    isolation,
    targetHalfWidth: positiveOrNull(targetHalfWidth) ?? Number.POSITIVE_INFINITY,
    noise,
    interleave: !inSequence,
    maxCellSeconds: positiveOrNull(message.maxCellSeconds),
    maxSweepSeconds: positiveOrNull(message.maxSweepSeconds),
  };
}

function isPrecision(text: string): text is Precision {
  return Object.hasOwn(precisionModes, text);
}

function isIsolation(text: string): text is Method["isolation"] {
  return text === "grouped" || text === "process-per-cell";
}

function isNoisePolicy(text: string): text is NoisePolicy {
  return (noisePolicies as readonly string[]).includes(text);
}

/** What an older peer does not say, and what has no value, both come as 0. */
function positiveOrNull(value: number): number | null {
  return value > 0 ? value : null;
}

/** The wire has no infinity in JSON, so "no target" travels as 0. */
function finiteOrZero(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
