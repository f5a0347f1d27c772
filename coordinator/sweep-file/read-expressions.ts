import { axisNames } from "../../shared/domain/axis.ts";
import { suggest } from "../../shared/domain/did-you-mean.ts";
import { type Expression, namesIn } from "../../shared/domain/expression.ts";
import { hostFacts } from "../../shared/domain/host-facts.ts";
import { isaFlags } from "../../shared/domain/isa-flags.ts";
import { parseExpression } from "../../shared/domain/parse-expression.ts";
import type { Constraint } from "../logic/sweep-spec.ts";
import type { ProblemList } from "./problem-list.ts";
import { isMap } from "./read-axes.ts";
import type { DocumentPath } from "./read-yaml.ts";

const factNames: readonly string[] = [...Object.keys(hostFacts), ...isaFlags, "host"];

/** The constraints under `when` or `exclude`: one or a list, text or `{if, reason}`. */
export function readConstraints(
  kind: Constraint["kind"],
  raw: unknown,
  context: { readonly parameters: readonly string[]; readonly problems: ProblemList },
): readonly Constraint[] {
  if (raw === undefined) return [];
  const known = [...axisNames, ...context.parameters, ...factNames.map((name) => `host.${name}`)];
  const items: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
  return items.flatMap((item, index) => {
    const base: DocumentPath = Array.isArray(raw) ? [kind, index] : [kind];
    const text = isMap(item) ? item["if"] : item;
    const path = isMap(item) ? [...base, "if"] : base;
    if (typeof text !== "string") {
      context.problems.at(base, "expected an expression", 'such as: cores <= 8 or dtype == "int8"');
      return [];
    }
    const expression = readExpression(text, path, { known, problems: context.problems });
    const reason = isMap(item) && typeof item["reason"] === "string" ? item["reason"] : null;
    return expression === null ? [] : [{ kind, expression, text, reason }];
  });
}

/** A host selector; null where it is absent or wrong. */
export function readSelector(raw: unknown, problems: ProblemList): Expression | null {
  if (typeof raw !== "string") return null;
  return readExpression(raw, ["hosts", "where"], { known: factNames, problems });
}

function readExpression(
  text: string,
  path: DocumentPath,
  { known, problems }: { readonly known: readonly string[]; readonly problems: ProblemList },
): Expression | null {
  const parsed = parseExpression(text);
  if ("problem" in parsed) {
    problems.within(path, parsed.at, { message: `in this expression: ${parsed.problem}` });
    return null;
  }
  for (const { name, at } of namesIn(parsed.expression)) {
    if (known.includes(name) || isLabel(name)) continue;
    const about = { message: `unknown name ${name}`, hint: hintForName(name, known) };
    problems.within(path, at, { ...about, length: name.length });
  }
  return parsed.expression;
}

function isLabel(name: string): boolean {
  return /^(?:host\.)?label\../.test(name);
}

function hintForName(name: string, known: readonly string[]): string {
  const near = suggest(name, known);
  if (near !== null) return `did you mean ${near}?`;
  if (known.includes(`host.${name}`)) return `a fact of the host is host.${name} here`;
  return `a word is written in quotes: "${name}"`;
}
