import { type Axis, findAxis } from "../../shared/domain/axis.ts";
import { type AxisTerm, maxAxisValues, parseAxisTerm } from "../../shared/domain/axis-terms.ts";
import type { AxisValue } from "../../shared/domain/cell.ts";
import { suggest } from "../../shared/domain/did-you-mean.ts";
import { findPlacementKind, placementKinds } from "../../shared/domain/placement-kinds.ts";
import { describeValues } from "./describe-values.ts";
import type { ProblemList } from "./problem-list.ts";
import type { DocumentPath } from "./read-yaml.ts";

/** The axes of one map of the file, with every problem of their values reported. */
export function readAxes(
  raw: unknown,
  path: DocumentPath,
  problems: ProblemList,
): Readonly<Record<string, readonly AxisTerm[]>> {
  const axes: Record<string, readonly AxisTerm[]> = {};
  if (!isMap(raw)) return axes;
  for (const [name, value] of Object.entries(raw)) {
    const axis = findAxis(name);
    if (axis !== undefined) axes[name] = readAxis(axis, value, { path: [...path, name], problems });
  }
  return axes;
}

interface Place {
  readonly path: DocumentPath;
  readonly problems: ProblemList;
}

function readAxis(axis: Axis, raw: unknown, place: Place): readonly AxisTerm[] {
  const { path, problems } = place;
  if (!Array.isArray(raw)) return readTerm(axis, raw, place);
  if (raw.length === 0) problems.at(path, `${axis.name} has no value`, describeValues(axis));
  if (raw.length > maxAxisValues) {
    problems.at(path, `${axis.name} has more than ${maxAxisValues} values`);
    return [];
  }
  const terms = raw.flatMap((item: unknown, index) =>
    readTerm(axis, item, { problems, path: [...path, index] }),
  );
  if (terms.length > maxAxisValues) {
    problems.at(path, `${axis.name} has more than ${maxAxisValues} values`);
  }
  return terms;
}

function readTerm(axis: Axis, raw: unknown, { path, problems }: Place): readonly AxisTerm[] {
  if (typeof raw !== "string" && typeof raw !== "number" && typeof raw !== "boolean") {
    const found = raw === null ? "nothing" : "a list or map";
    problems.at(path, `${axis.name}: expected a value, found ${found}`, describeValues(axis));
    return [];
  }
  const terms = parseAxisTerm(axis, raw);
  if ("problem" in terms) {
    problems.at(path, `${axis.name}: ${terms.problem}`, hintFor(axis, raw));
    return [];
  }
  if (axis.name === "placement" && findPlacementKind(String(raw)) === undefined) {
    const names = placementKinds.map((kind) => kind.name);
    const near = suggest(String(raw), names);
    const hint = near === null ? `placements: ${names.join(", ")}` : `did you mean ${near}?`;
    problems.at(path, `placement: ${JSON.stringify(raw)} is no placement`, hint);
    return [];
  }
  return terms;
}

function hintFor(axis: Axis, raw: AxisValue): string {
  const { values } = axis;
  const words = values.type === "words" ? values.words : ["all", "pow2", "divisors"];
  if (typeof raw === "boolean" && values.type === "words" && values.words.includes("on")) {
    return `write ${raw ? "on" : "off"}`;
  }
  const near = typeof raw === "string" ? suggest(raw, words) : null;
  const usable = values.type === "words" || (values.type === "integer" && values.hostSized);
  return near !== null && usable ? `did you mean ${near}?` : describeValues(axis);
}

/** Parameters of runners: any scalar, as only a host knows what its runners declare. */
export function readParameters(raw: unknown): Readonly<Record<string, readonly AxisValue[]>> {
  if (!isMap(raw)) return {};
  const entries = Object.entries(raw).map(([name, value]): [string, readonly AxisValue[]] => [
    name,
    (Array.isArray(value) ? value : [value]).filter(isAxisValue),
  ]);
  return Object.fromEntries(entries);
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isAxisValue(value: unknown): value is AxisValue {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
