import type { AxisValue } from "./cell.ts";

/**
 * The language of `when`, `exclude` and `where`: comparisons, `in`, `contains`, `and`, `or`, `not`
 * and arithmetic over named values. Total: no loops, no calls, every evaluation ends and none throws.
 */
export type Expression =
  | { readonly type: "literal"; readonly value: AxisValue }
  | { readonly type: "name"; readonly name: string; readonly at: number }
  | { readonly type: "not"; readonly of: Expression }
  | { readonly type: "and" | "or"; readonly left: Expression; readonly right: Expression }
  | {
      readonly type: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly type: "in"; readonly left: Expression; readonly items: readonly Expression[] };

export type BinaryOperator =
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "contains"
  | "+"
  | "-"
  | "*"
  | "/"
  | "%";

/** A name's value; undefined where it has none: the axis does not apply, the host does not say. */
export type Lookup = (name: string) => AxisValue | undefined;

/**
 * The value, or undefined for "cannot be told": Kleene's three-valued logic, so that a missing fact
 * neither holds nor fails. Values of different types are unequal, and have no order.
 */
export function evaluate(expression: Expression, lookup: Lookup): AxisValue | undefined {
  switch (expression.type) {
    case "literal":
      return expression.value;
    case "name":
      return lookup(expression.name);
    case "not": {
      const value = evaluate(expression.of, lookup);
      return typeof value === "boolean" ? !value : undefined;
    }
    case "and":
    case "or":
      return evaluateLogic(expression, lookup);
    case "binary":
      return apply(
        expression.operator,
        evaluate(expression.left, lookup),
        evaluate(expression.right, lookup),
      );
    case "in":
      return evaluateIn(expression, lookup);
  }
}

function evaluateLogic(
  expression: Extract<Expression, { type: "and" | "or" }>,
  lookup: Lookup,
): boolean | undefined {
  /** The value that decides alone: false for `and`, true for `or`. */
  const decisive = expression.type === "or";
  const left = evaluate(expression.left, lookup);
  if (left === decisive) return decisive;
  const right = evaluate(expression.right, lookup);
  if (right === decisive) return decisive;
  return typeof left === "boolean" && typeof right === "boolean" ? !decisive : undefined;
}

function evaluateIn(
  expression: Extract<Expression, { type: "in" }>,
  lookup: Lookup,
): boolean | undefined {
  const value = evaluate(expression.left, lookup);
  if (value === undefined) return undefined;
  const items = expression.items.map((item) => evaluate(item, lookup));
  if (items.includes(value)) return true;
  return items.includes(undefined) ? undefined : false;
}

function apply(
  operator: BinaryOperator,
  left: AxisValue | undefined,
  right: AxisValue | undefined,
): AxisValue | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (operator === "==") return left === right;
  if (operator === "!=") return left !== right;
  if (typeof left === "number" && typeof right === "number") {
    return applyToNumbers(operator, left, right);
  }
  if (typeof left === "string" && typeof right === "string" && operator === "contains") {
    return left.toLowerCase().includes(right.toLowerCase());
  }
  return undefined;
}

function applyToNumbers(
  operator: Exclude<BinaryOperator, "==" | "!=">,
  left: number,
  right: number,
): AxisValue | undefined {
  switch (operator) {
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return right === 0 ? undefined : left / right;
    case "%":
      return right === 0 ? undefined : left % right;
    case "contains":
      return undefined;
  }
}

/** Every name in the expression, with its offset in the text, in the order of writing. */
export function namesIn(
  expression: Expression,
): readonly { readonly name: string; readonly at: number }[] {
  switch (expression.type) {
    case "literal":
      return [];
    case "name":
      return [{ name: expression.name, at: expression.at }];
    case "not":
      return namesIn(expression.of);
    case "and":
    case "or":
    case "binary":
      return [...namesIn(expression.left), ...namesIn(expression.right)];
    case "in":
      return [expression.left, ...expression.items].flatMap((part) => namesIn(part));
  }
}
