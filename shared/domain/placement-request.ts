import { type Cell, numberAxis, stringAxis } from "./cell.ts";
import type { MemoryPolicy, PlacementRefusal } from "./placement.ts";

/** What to do with cores that an even split leaves over. */
type RemainderPolicy = "drop" | "spread" | "refuse";

/** The placement axes of a cell, checked; what a cell leaves out has its default. */
export interface PlacementRequest {
  /** A name of the placement registry, such as `one-socket`. */
  readonly name: string;
  /** Physical cores per instance. */
  readonly cores: number | "all";
  /** All instances of the launch together; null leaves it to the placement. */
  readonly instances: number | null;
  readonly smt: boolean;
  /** Null leaves it to the placement. */
  readonly memoryPolicy: MemoryPolicy | null;
  readonly remainder: RemainderPolicy;
  /** Position of the one package to use, from 0; null takes the one with most usable cores. */
  readonly socket: number | null;
}

const memoryPolicies: readonly string[] = ["local", "bind", "interleave", "preferred"];
const remainders: readonly string[] = ["drop", "spread", "refuse"];

function isMemoryPolicy(text: string): text is MemoryPolicy {
  return memoryPolicies.includes(text);
}

function isRemainderPolicy(text: string): text is RemainderPolicy {
  return remainders.includes(text);
}

/** Reads the placement axes; total over any cell, for an agent's cells come over the wire. */
export function readPlacementRequest(cell: Cell): PlacementRequest | PlacementRefusal {
  const { cores = "all", smt = "off", remainder = "drop" } = cell;
  if (cores !== "all" && !isCount(cores)) return bad(cell, "cores", "a whole number from 1 or all");
  if (smt !== "on" && smt !== "off") return bad(cell, "smt", "on or off");
  if (typeof remainder !== "string" || !isRemainderPolicy(remainder)) {
    return bad(cell, "remainder", remainders.join(", "));
  }
  const memory = stringAxis(cell, "memory_policy");
  if (cell["memory_policy"] !== undefined && (memory === undefined || !isMemoryPolicy(memory))) {
    return bad(cell, "memory_policy", memoryPolicies.join(", "));
  }
  const counts = readCounts(cell);
  if ("refused" in counts) return counts;
  return {
    name: stringAxis(cell, "placement") ?? "one-socket",
    cores: cores === "all" ? "all" : Number(cores),
    smt: smt === "on",
    memoryPolicy: memory === undefined || !isMemoryPolicy(memory) ? null : memory,
    remainder,
    ...counts,
  };
}

function readCounts(cell: Cell): Pick<PlacementRequest, "instances" | "socket"> | PlacementRefusal {
  const instances = cell["instances"];
  const socket = cell["socket"];
  if (instances !== undefined && !isCount(instances)) {
    return bad(cell, "instances", "a whole number from 1");
  }
  if (socket !== undefined && !(isWhole(socket) && socket >= 0)) {
    return bad(cell, "socket", "a whole number from 0");
  }
  return {
    instances: numberAxis(cell, "instances") ?? null,
    socket: numberAxis(cell, "socket") ?? null,
  };
}

function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value);
}

function isCount(value: unknown): value is number {
  return isWhole(value) && value >= 1;
}

function bad(cell: Cell, axis: string, expected: string): PlacementRefusal {
  return { refused: `${axis} is ${JSON.stringify(cell[axis])}, expected ${expected}` };
}
