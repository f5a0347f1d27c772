import { type Document, isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from "yaml";
import type { Problem } from "./problem.ts";

/**
 * Bounds of a sweep file. The largest preset has under 2 KB, its value lists nest two deep, and a
 * file that names a value by alias does so a few times. The worst text of this size takes the parser
 * about a second, and its time grows faster than the size.
 */
export const fileLimits = { bytes: 65_536, depth: 20, aliases: 100, nodes: 50_000 } as const;

/** Which part of a document: the map keys and list positions that lead to it. */
export type DocumentPath = readonly PropertyKey[];

export interface YamlFile {
  readonly value: unknown;
  /** The place of a value, or of the nearest thing around it that is there. */
  readonly placeOf: (path: DocumentPath) => Place;
  /** The place of a key of the map at `path`. */
  readonly placeOfKey: (path: DocumentPath, key: string) => Place;
}

interface Place {
  readonly start: number;
  readonly end: number;
  /** Where the text of a one-line scalar begins, after its quote. */
  readonly textStart: number;
}

/** Parses YAML 1.2 text within {@link fileLimits}, or gives every problem of its syntax. Never throws. */
export function readYaml(text: string): YamlFile | { readonly problems: readonly Problem[] } {
  const unreadable = refuseText(text);
  if (unreadable !== null) return { problems: [unreadable] };
  try {
    const document = parseDocument(text, { prettyErrors: false, logLevel: "error" });
    // A warning is a tag that means nothing here. A stack overflow can be a fault as well as thrown.
    const faults = [...document.errors, ...document.warnings];
    if (faults.length > 0) {
      const overflow = faults.find((fault) => fault.message.includes("call stack"));
      if (overflow !== undefined)
        return { problems: [toProblem("nested too deeply", overflow.pos)] };
      return { problems: faults.map((fault) => toProblem(fault.message, fault.pos)) };
    }
    const tooLarge = measure(document);
    if (tooLarge !== null) return { problems: [tooLarge] };
    return {
      value: document.toJS({ maxAliasCount: fileLimits.aliases }),
      placeOf: (path) => toPlace(find(document, path)),
      placeOfKey: (path, key) => toPlace(findKey(document, path, key) ?? find(document, path)),
    };
  } catch (error) {
    // The parser recurses, so that a stack overflow is how it says "nested too deeply"; its toJS
    // throws on too many and on unknown aliases.
    const message = error instanceof RangeError ? "nested too deeply" : String(error);
    return { problems: [{ start: 0, end: 1, message: message.replace(/^\w*Error: /, "") }] };
  }
}

function refuseText(text: string): Problem | null {
  if (text.length > fileLimits.bytes) {
    const size = `${(text.length / 1024).toFixed(0)} KiB`;
    const message = `the file has ${size}, a sweep file has at most ${fileLimits.bytes / 1024} KiB`;
    return { start: 0, end: 1, message };
  }
  const strange = /[\0\uFFFD]/.exec(text);
  if (strange !== null) {
    const message = "this is not UTF-8 text";
    return { start: strange.index, end: strange.index + 1, message, hint: "save it as UTF-8" };
  }
  return refuseDepth(text);
}

/**
 * Brackets and dashes that open a level, before the parser sees them: it would take quadratic time
 * over a long run of them. Brackets in comments and strings count as well; twenty open ones are rare.
 */
function refuseDepth(text: string): Problem | null {
  const match = /(?:[[{]\s*){21}|(?:[-?]\s+){21}/.exec(text);
  if (match === null) return null;
  return { start: match.index, end: match.index + 1, message: "nested too deeply" };
}

/** The first value that is too deep, or the document where it has too many. */
function measure(document: Document): Problem | null {
  let nodes = 0;
  let problem: Problem | null = null;
  const visit = (node: unknown, depth: number): void => {
    nodes += 1;
    if (problem !== null || nodes > fileLimits.nodes) return;
    if (depth > fileLimits.depth) {
      problem = { ...toPlace(node as Node), message: "nested too deeply" };
    } else if (isMap(node)) {
      for (const pair of node.items) {
        visit(pair.key, depth + 1);
        visit(pair.value, depth + 1);
      }
    } else if (isSeq(node)) for (const item of node.items) visit(item, depth + 1);
  };
  visit(document.contents, 0);
  if (nodes <= fileLimits.nodes) return problem;
  return { start: 0, end: 1, message: `the file has more than ${fileLimits.nodes} values` };
}

function toProblem(message: string, [start, end]: readonly [number, number]): Problem {
  const [first = message] = message.split("\n");
  return { start, end: Math.max(end, start + 1), message: first };
}

/** Follows the path as far as it goes. */
function find(document: Document, path: DocumentPath): Node | null {
  let node = resolve(document, document.contents);
  for (const step of path) {
    const next = isMap(node) || isSeq(node) ? node.get(step, true) : undefined;
    if (next === undefined || next === null) break;
    node = resolve(document, next as Node);
  }
  return node;
}

function resolve(document: Document, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? node) : node;
}

function findKey(document: Document, path: DocumentPath, key: string): Node | null {
  const map = find(document, path);
  if (!isMap(map)) return null;
  const pair = map.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
  return (pair?.key as Node | undefined) ?? null;
}

function toPlace(node: Node | null): Place {
  const [start, end] = node?.range ?? [0, 1];
  const quoted = isScalar(node) && (node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE");
  return { start, end, textStart: quoted ? start + 1 : start };
}
