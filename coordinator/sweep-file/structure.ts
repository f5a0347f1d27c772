import type { z } from "zod";
import { axisNames, findAxis } from "../../shared/domain/axis.ts";
import { suggest } from "../../shared/domain/did-you-mean.ts";
import type { ProblemList } from "./problem-list.ts";
import { sweepSchema } from "./sweep-schema.ts";

type Issue = z.core.$ZodIssue;

/**
 * Reports what the schema finds, but not inside the values of axes and constraints: those are
 * checked by what they mean, which says more.
 */
export function checkStructure(value: unknown, problems: ProblemList): void {
  const checked = sweepSchema.safeParse(value, { reportInput: true });
  if (checked.success) return;
  for (const issue of checked.error.issues) reportIssue(issue, [], problems);
}

function reportIssue(issue: Issue, base: readonly PropertyKey[], problems: ProblemList): void {
  const path = [...base, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    for (const key of issue.keys) reportUnknownKey(path, key, problems);
  } else if (issue.code === "invalid_union") {
    if (isCheckedByMeaning(path)) return;
    const branch = likeliestBranch(issue.errors);
    if (branch === null) problems.at(path, describeIssue(issue));
    else for (const inner of branch) reportIssue(inner, path, problems);
  } else if (!isCheckedByMeaning(path)) {
    problems.at(path, describeIssue(issue), suggestValue(issue));
  }
}

/** Axis values and constraint texts: `axes.cores`, `include.0.cores.1`, `when.2.if`. */
function isCheckedByMeaning(path: readonly PropertyKey[]): boolean {
  const [first, second, third, fourth] = path;
  if (first === "axes") return typeof second === "string" && findAxis(second) !== undefined;
  if (first === "include") return typeof third === "string" && findAxis(third) !== undefined;
  if (first === "canaries" && second === "cells") {
    return typeof fourth === "string" && findAxis(fourth) !== undefined;
  }
  return first === "when" || first === "exclude";
}

/** The alternative that got furthest into the value; null where none got inside. */
function likeliestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const depth = (branch: readonly Issue[]): number =>
    Math.max(
      0,
      ...branch.map((issue) => issue.path.length + (issue.code === "unrecognized_keys" ? 1 : 0)),
    );
  const deepest = [...branches].sort((a, b) => depth(b) - depth(a))[0];
  return deepest === undefined || depth(deepest) === 0 ? null : deepest;
}

function reportUnknownKey(path: readonly PropertyKey[], key: string, problems: ProblemList): void {
  const known = knownKeys(path);
  const near = suggest(key, known);
  const elsewhere = path.length === 0 && findAxis(key) !== undefined;
  let hint = near === null ? `known here: ${known.join(", ")}` : `did you mean ${near}?`;
  if (elsewhere) hint = `${key} is an axis: put it under axes`;
  else if (path[0] === "axes" && near === null) hint += "; a runner's own go under parameters";
  problems.atKey(path, key, { message: `unknown key ${JSON.stringify(key)}`, hint });
}

const keysOf: Readonly<Record<string, readonly string[]>> = {
  axes: axisNames,
  include: [...axisNames, "parameters"],
  canaries: Object.keys(sweepSchema.shape.canaries.unwrap().shape),
  cells: [...axisNames, "parameters"],
  hosts: Object.keys(sweepSchema.shape.hosts.unwrap().shape),
  method: Object.keys(sweepSchema.shape.method.unwrap().shape),
  tune: Object.keys(sweepSchema.shape.tune.unwrap().shape),
  launches: ["min", "max"],
  when: ["if", "reason"],
  exclude: ["if", "reason"],
};

function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  const innermost = path.findLast((step) => typeof step === "string");
  if (innermost === undefined) return Object.keys(sweepSchema.shape);
  return keysOf[String(innermost)] ?? [];
}

function describeIssue(issue: Issue): string {
  const name = issue.path.at(-1);
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined && typeof name === "string" && issue.expected !== "never"
        ? `${name} is missing or not ${article(issue.expected)}`
        : `expected ${article(issue.expected)}`;
    case "invalid_value":
      return `expected ${issue.values.map((value) => String(value)).join(", ")}`;
    case "too_small":
      return `must be ${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`;
    case "too_big":
      return `must be ${issue.inclusive === false ? "less than" : "at most"} ${issue.maximum}`;
    case "invalid_format":
      return "is not of the form that is needed here (lower-case letters, digits, dashes)";
    case "invalid_key":
      return "is no parameter's name (lower-case letters, digits, underscores)";
    case "invalid_union":
    case "invalid_element":
    case "not_multiple_of":
    case "unrecognized_keys":
    case "custom":
      return "is not of the form that is needed here";
  }
}

function article(type: string): string {
  const words: Record<string, string> = {
    int: "a whole number",
    number: "a number",
    string: "text",
    boolean: "true or false",
    array: "a list",
    object: "a map",
    record: "a map",
  };
  return words[type] ?? type;
}

function suggestValue(issue: Issue): string | undefined {
  if (issue.code !== "invalid_value" || typeof issue.input !== "string") return undefined;
  const near = suggest(
    issue.input,
    issue.values.map((value) => String(value)),
  );
  return near === null ? undefined : `did you mean ${near}?`;
}
