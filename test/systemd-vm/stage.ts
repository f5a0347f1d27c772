import type { Operator } from "./fleet.ts";
import type { Machine } from "./machine.ts";

/** What every step of the scenario works with; `see` prints what was seen. */
export interface Stage {
  readonly machine: Machine;
  readonly operator: Operator;
  readonly see: (text: string) => void;
}

export function fail(what: string): never {
  throw new Error(`does not hold: ${what}`);
}

/** A script that must succeed; its output without the last newline. */
export async function guest(
  { machine }: Stage,
  script: string,
  withinMs?: number,
): Promise<string> {
  const { code, output } = await machine.run(`set -eu\n${script}`, withinMs);
  if (code !== 0) fail(`${script}: ${output}`);
  return output;
}
