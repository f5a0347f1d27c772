import type { BinaryOperator, Expression } from "./expression.ts";

export interface ExpressionProblem {
  readonly problem: string;
  /** Offset in the text, in UTF-16 units. */
  readonly at: number;
}

/** Longer or deeper than these, and an expression is an attack on the reader, if on nobody else. */
export const expressionLimits = { characters: 1_000, depth: 40 } as const;

/** Parses an expression, or says what is wrong with it and where. Never throws. */
export function parseExpression(
  text: string,
): { readonly expression: Expression } | ExpressionProblem {
  if (text.length > expressionLimits.characters) {
    return { problem: `longer than ${expressionLimits.characters} characters`, at: 0 };
  }
  const tokens = tokenize(text);
  if ("problem" in tokens) return tokens;
  const parser = new Parser(tokens.tokens, text.length);
  try {
    return { expression: parser.parseAll() };
  } catch (error) {
    if (error instanceof SyntaxProblem) return { problem: error.message, at: error.at };
    throw error;
  }
}

interface Token {
  readonly kind: "number" | "string" | "word" | "symbol";
  readonly text: string;
  readonly at: number;
}

const tokenPattern =
  /\s*(?:(?<number>\d+(?:\.\d+)?)|(?<string>"[^"]*"|'[^']*')|(?<word>[A-Za-z_][\w.-]*)|(?<symbol>==|!=|<=|>=|[-<>+*/%()[\],]))/uy;

function tokenize(text: string): { readonly tokens: readonly Token[] } | ExpressionProblem {
  const tokens: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== "") {
    tokenPattern.lastIndex = at;
    const match = tokenPattern.exec(text);
    if (match?.groups === undefined) {
      const start = at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0);
      return { problem: `${JSON.stringify(text[start] ?? "")} is not understood`, at: start };
    }
    const [kind, found] = Object.entries(match.groups).find(([, part]) => part !== undefined) ?? [];
    at = tokenPattern.lastIndex;
    if (kind !== undefined && found !== undefined) {
      tokens.push({ kind: kind as Token["kind"], text: found, at: at - found.length });
    }
  }
  return { tokens };
}

class SyntaxProblem extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const comparisons: readonly string[] = ["==", "!=", "<", "<=", ">", ">=", "contains"];

/** Recursive descent, loosest first: or, and, not, comparison, sum, product, sign, atom. */
class Parser {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  parseAll(): Expression {
    const expression = this.#or();
    const rest = this.#tokens[this.#next];
    if (rest !== undefined) this.#fail(`${rest.text} is not expected here`);
    return expression;
  }

  #or(): Expression {
    this.#depth += 1;
    if (this.#depth > expressionLimits.depth) this.#fail("nested too deeply");
    let left = this.#and();
    while (this.#take("or")) left = { type: "or", left, right: this.#and() };
    this.#depth -= 1;
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.#take("and")) left = { type: "and", left, right: this.#not() };
    return left;
  }

  #not(): Expression {
    let negations = 0;
    while (this.#take("not")) negations += 1;
    let expression = this.#comparison();
    for (; negations > 0; negations -= 1) expression = { type: "not", of: expression };
    return expression;
  }

  #comparison(): Expression {
    const left = this.#chain(["+", "-"], () => this.#product());
    if (this.#take("in")) return { type: "in", left, items: this.#list() };
    const operator = comparisons.find((symbol) => this.#take(symbol));
    if (operator === undefined) {
      if (this.#tokens[this.#next]?.text === "=") this.#fail("compare with ==");
      return left;
    }
    const right = this.#chain(["+", "-"], () => this.#product());
    return { type: "binary", operator: operator as BinaryOperator, left, right };
  }

  #product(): Expression {
    return this.#chain(["*", "/", "%"], () => this.#sign());
  }

  #chain(operators: readonly string[], operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const operator = operators.find((symbol) => this.#take(symbol));
      if (operator === undefined) return left;
      left = { type: "binary", operator: operator as BinaryOperator, left, right: operand() };
    }
  }

  #sign(): Expression {
    let negative = false;
    while (this.#take("-")) negative = !negative;
    const atom = this.#atom();
    if (!negative) return atom;
    const zero: Expression = { type: "literal", value: 0 };
    return { type: "binary", operator: "-", left: zero, right: atom };
  }

  #list(): readonly Expression[] {
    this.#expect("[");
    const items: Expression[] = [];
    while (!this.#take("]")) {
      if (items.length > 0) this.#expect(",");
      items.push(this.#sign());
    }
    return items;
  }

  #atom(): Expression {
    const token = this.#tokens[this.#next];
    if (token === undefined) return this.#fail("something is missing at the end");
    if (this.#take("(")) {
      const inner = this.#or();
      this.#expect(")");
      return inner;
    }
    if (token.kind === "symbol" || reserved.has(token.text)) {
      return this.#fail(`a value or a name is expected, not ${token.text}`);
    }
    this.#next += 1;
    return toAtom(token);
  }

  /** Steps over the symbol or keyword if it comes next. */
  #take(text: string): boolean {
    const token = this.#tokens[this.#next];
    if (token?.text !== text || token.kind === "string") return false;
    this.#next += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) this.#fail(`${text} is expected`);
  }

  #fail(message: string): never {
    throw new SyntaxProblem(message, this.#tokens[this.#next]?.at ?? this.#end);
  }
}

const reserved: ReadonlySet<string> = new Set(["and", "or", "not", "in", "contains"]);

function toAtom(token: Token): Expression {
  if (token.kind === "number") return { type: "literal", value: Number(token.text) };
  if (token.kind === "string") return { type: "literal", value: token.text.slice(1, -1) };
  if (token.text === "true" || token.text === "false") {
    return { type: "literal", value: token.text === "true" };
  }
  return { type: "name", name: token.text, at: token.at };
}
