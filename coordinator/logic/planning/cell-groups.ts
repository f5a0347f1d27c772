import type { AxisValue, Cell } from "../../../shared/domain/cell.ts";
import { evaluate, type Lookup, namesIn } from "../../../shared/domain/expression.ts";
import { readHostFact } from "../../../shared/domain/host-facts.ts";
import type { PlanningHost } from "../sweep-plan.ts";
import type { Constraint, SweepSpec } from "../sweep-spec.ts";
import type { CallShape } from "./call-shapes.ts";
import type { PlacedRow, PlacementRow } from "./placement-rows.ts";
import type { PruneTally } from "./prune-tally.ts";
import type { RunnerCell } from "./runner-cells.ts";

/** Cells that differ only in what a running process can vary from call to call. */
export interface CellGroup {
  readonly runner: RunnerCell;
  readonly row: PlacedRow;
  readonly calls: readonly CallShape[];
}

interface OpenGroup {
  readonly runner: RunnerCell;
  readonly row: PlacedRow;
  calls: readonly CallShape[];
}

/** Gathers the groups of one host: prunes by the file's rules, and measures equal work once. */
export class GroupCollector {
  readonly #groups = new Map<string, OpenGroup>();
  readonly #spec: SweepSpec;
  readonly #host: PlanningHost;
  readonly #tally: PruneTally;
  readonly #perCall: readonly Constraint[];
  readonly #perGroup: readonly Constraint[];

  constructor(spec: SweepSpec, host: PlanningHost, tally: PruneTally) {
    this.#spec = spec;
    this.#host = host;
    this.#tally = tally;
    this.#perCall = spec.constraints.filter(mentionsCalls);
    this.#perGroup = spec.constraints.filter((constraint) => !mentionsCalls(constraint));
  }

  add(runner: RunnerCell, row: PlacementRow, calls: readonly CallShape[]): void {
    if (row.type === "refused") {
      this.#tally.add(row.rule, row.reason, calls.length);
      return;
    }
    const outer = this.#lookup(runner, row);
    const refused = this.#perGroup.find((constraint) => refuses(constraint, outer));
    if (refused !== undefined) {
      this.#tally.add(refused.kind, refused.reason ?? refused.text, calls.length);
      return;
    }
    const kept = this.#keepCalls(row, calls, outer);
    if (kept.length > 0) this.#merge({ runner, row, calls: kept });
  }

  /** In the order in which they were added. */
  toList(): readonly CellGroup[] {
    return [...this.#groups.values()];
  }

  /** A cell's axes as they were asked for, and the host's facts under `host.`. */
  #lookup(runner: RunnerCell, row: PlacedRow): Lookup {
    return (name) => {
      if (name.startsWith("host.")) return readHostFact(this.#host, name.slice("host.".length));
      return own(row.asked, name) ?? own(runner.cell, name);
    };
  }

  #keepCalls(row: PlacedRow, calls: readonly CallShape[], outer: Lookup): readonly CallShape[] {
    const instances = row.resolved.instances.length;
    let kept = calls;
    if (this.#spec.splitBatch && instances > 1) {
      kept = kept.flatMap((call) => this.#splitBatch(call, instances));
    }
    if (this.#perCall.length === 0) return kept;
    return kept.filter((call) => {
      const lookup: Lookup = (name) => {
        if (name === "batch_size") return call.writtenBatch;
        return name === "sequence_length" ? call.sequence : outer(name);
      };
      const refused = this.#perCall.find((constraint) => refuses(constraint, lookup));
      if (refused !== undefined) this.#tally.add(refused.kind, refused.reason ?? refused.text, 1);
      return refused === undefined;
    });
  }

  #splitBatch(call: CallShape, instances: number): readonly CallShape[] {
    if (call.batch % instances === 0) return [{ ...call, batch: call.batch / instances }];
    const reason = `${instances} instances do not divide a batch of ${call.batch}`;
    this.#tally.add("instances-divide-batch", reason, 1);
    return [];
  }

  #merge(group: CellGroup): void {
    const key = `${group.runner.key}|${group.runner.declaration.version}|${rowKey(group.row)}`;
    const known = this.#groups.get(key);
    if (known === undefined) {
      this.#groups.set(key, { ...group });
      return;
    }
    const seen = new Set(known.calls.map(callKey));
    const fresh = group.calls.filter((call) => !seen.has(callKey(call)));
    if (fresh.length > 0) known.calls = [...known.calls, ...fresh];
    this.#countRepeated([group.row, known.row], group.calls.length - fresh.length);
  }

  #countRepeated(rows: readonly PlacedRow[], count: number): void {
    const alias = rows.find((row) => row.asked["placement"] !== row.axes["placement"]);
    if (alias === undefined) {
      this.#tally.add("repeated", "written twice, measured once", count);
      return;
    }
    const { asked, axes } = alias;
    const reason = `${asked["placement"]} is ${axes["placement"]} here: the same CPUs and memory`;
    this.#tally.add("same-placement", reason, count);
  }
}

function own(cell: Cell, name: string): AxisValue | undefined {
  return Object.hasOwn(cell, name) ? cell[name] : undefined;
}

function rowKey(row: PlacedRow): string {
  return Object.entries(row.axes).flat().join("/");
}

function callKey(call: CallShape): string {
  return `${call.batch}x${call.sequence}`;
}

function mentionsCalls(constraint: Constraint): boolean {
  return namesIn(constraint.expression).some(
    ({ name }) => name === "batch_size" || name === "sequence_length",
  );
}

/** An expression that cannot be told (the axis does not apply) takes no cell out. */
function refuses(constraint: Constraint, lookup: Lookup): boolean {
  return evaluate(constraint.expression, lookup) === (constraint.kind === "exclude");
}
