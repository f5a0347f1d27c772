import type { AxisValue, Cell } from "../../../shared/domain/cell.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import type { HostCores } from "../../../shared/domain/host-cores.ts";
import type { PlacementRefusal, ResolvedPlacement } from "../../../shared/domain/placement.ts";
import { placementKinds } from "../../../shared/domain/placement-kinds.ts";
import { severalPerSocket } from "../../../shared/domain/placements/per-socket.ts";
import { type DispatchRoute, routeOf } from "../../../shared/domain/placements/smart-dispatch.ts";
import { coresPerInstance, resolveOn } from "../../../shared/domain/resolve-placement.ts";
import { countOf } from "../../../shared/domain/text-layout.ts";
import type { Matrix } from "../sweep-spec.ts";
import { combinations, expandTerms, plainValues } from "./expand-terms.ts";

/** One combination of the placement axes on one host: what was asked, and what it comes to. */
export type PlacementRow = PlacedRow | RefusedRow;

export interface PlacedRow {
  readonly type: "placed";
  /** The placement axes with every number resolved, under the name that was asked for. */
  readonly asked: Cell;
  /** The same under the first name that gives the same CPUs and memory: the cell's axes. */
  readonly axes: Cell;
  readonly resolved: ResolvedPlacement;
  /** Smart dispatch places only these sequence lengths so; null for all. */
  readonly route: DispatchRoute | null;
}

interface RefusedRow {
  readonly type: "refused";
  readonly rule: string;
  readonly reason: string;
  readonly route: DispatchRoute | null;
}

/**
 * Every row of a matrix on a host, in the order of the file's values.
 * @throws FleetsweepError sweep.invalid beyond `most` rows.
 */
export function placementRows(
  host: HostCores,
  matrix: Matrix,
  most: number,
): readonly PlacementRow[] {
  const routes = routesOf(matrix);
  const rows: PlacementRow[] = [];
  const fixed = ["smt", "memory_policy", "remainder", "socket", "threads"].flatMap(
    (name): (readonly [string, readonly AxisValue[]])[] => {
      const values = plainValues(matrix.axes[name]);
      return values.length === 0 ? [] : [[name, values]];
    },
  );
  const names = namesOf(matrix, routes);
  if (names.length * product(fixed) * sizeBound(host, matrix) > most) throw tooMany(most);
  for (const [name, route] of names) {
    for (const others of combinations(fixed)) {
      const request = { ...others, placement: name };
      for (const sized of sizes(host, matrix, request)) {
        rows.push(makeRow(host, { ...request, ...sized }, route));
      }
    }
  }
  return rows;
}

function product(axes: readonly (readonly [string, readonly AxisValue[]])[]): number {
  return axes.reduce((total, [, values]) => total * values.length, 1);
}

/** At least as many as {@link sizes} gives for any request, from the host's size alone. */
function sizeBound(host: HostCores, matrix: Matrix): number {
  const size = host.packages.reduce((sum, entry) => sum + entry.cores.length, 0);
  const lengths = ["instances", "cores"].map((name) => expandAsked(matrix.axes[name], size).length);
  return lengths.reduce((total, length) => total * length, 1);
}

function tooMany(most: number): FleetsweepError {
  const limit = `more than ${most} combinations of placement, cores and instances`;
  return new FleetsweepError("sweep.invalid", `${limit}: take values out`);
}

/** Placement names; `smart-dispatch` stands for one name a route that the sequence lengths take. */
function namesOf(
  matrix: Matrix,
  routes: readonly DispatchRoute[],
): readonly (readonly [string, DispatchRoute | null])[] {
  const terms = matrix.axes["placement"] ?? [{ type: "value", value: "one-socket" }];
  return plainValues(terms).flatMap((value): (readonly [string, DispatchRoute | null])[] =>
    value === "smart-dispatch"
      ? routes.map((route) => [`smart-dispatch-${route}`, route])
      : [[String(value), null]],
  );
}

function routesOf(matrix: Matrix): readonly DispatchRoute[] {
  const terms = matrix.axes["sequence_length"] ?? [{ type: "value", value: 128 }];
  return [...new Set(plainValues(terms).map((length) => routeOf(Number(length))))];
}

/** The values of `instances` and `cores` that the host's size gives them under this request. */
function sizes(host: HostCores, matrix: Matrix, request: Cell): readonly Cell[] {
  const whole = coresPerInstance(host, withoutChecks(request));
  const hostSize = whole === null ? 0 : whole.reduce((sum, cores) => sum + cores, 0);
  const instances = expandAsked(matrix.axes["instances"], hostSize);
  return instances.flatMap((count) => {
    const some: Cell = count === null ? {} : { instances: count };
    const each = coresPerInstance(host, { ...withoutChecks(request), ...some });
    const size = each === null ? 0 : Math.min(...each);
    const cores = expandAsked(matrix.axes["cores"], size);
    return cores.map((value): Cell => ({ ...some, cores: value ?? "all" }));
  });
}

/** Values that were asked for; one null where the axis is left to its default, or nothing fits. */
function expandAsked(
  terms: Matrix["axes"][string] | undefined,
  size: number,
): readonly (AxisValue | null)[] {
  if (terms === undefined) return [null];
  const values = expandTerms(terms, size);
  return values.length === 0 ? [null] : values;
}

function withoutChecks(request: Cell): Cell {
  const { threads: _, ...rest } = request;
  return rest;
}

function makeRow(host: HostCores, request: Cell, route: DispatchRoute | null): PlacementRow {
  const asked = withoutChecks(request);
  const all =
    request["instances"] === "all" ? { ...asked, instances: instancesOfAll(host, asked) } : asked;
  const resolved = resolveOn(host, all);
  if ("refused" in resolved) return { type: "refused", route, ...explain(host, all, resolved) };
  const { threads } = request;
  const wrong = resolved.instances.find((instance) => instance.threads !== threads);
  if (threads !== undefined && wrong !== undefined) {
    const reason = `${countOf(Number(threads), "thread")} on ${countOf(wrong.pus.length, "CPU")}: a thread more than CPUs waits, one less leaves a CPU idle`;
    return { type: "refused", route, rule: "threads-equal-cpu-set", reason };
  }
  const normal = normalAxes(host, all, resolved);
  const axes = underFirstName(host, normal, resolved);
  return { type: "placed", asked: normal, axes, resolved, route };
}

/** One instance a core. */
function instancesOfAll(host: HostCores, asked: Cell): number {
  const { instances: _, ...rest } = asked;
  const each = coresPerInstance(host, { ...rest, cores: "all" });
  return each === null ? 1 : each.reduce((sum, cores) => sum + cores, 0);
}

function explain(
  host: HostCores,
  asked: Cell,
  refusal: PlacementRefusal,
): { readonly rule: string; readonly reason: string } {
  const { cores: _, ...rest } = asked;
  const possible = coresPerInstance(host, rest) !== null;
  const rule = possible && asked["cores"] !== "all" ? "cores-within-host" : "placement-exists";
  return { rule, reason: `${describeRequest(asked)}: ${refusal.refused}` };
}

/** The placement as people wrote it: `one-socket`, `one-socket x 64 cores`, `spread x 3 cores`. */
function describeRequest(asked: Cell): string {
  const { placement, cores, instances, smt, memory_policy: memory } = asked;
  const parts = [String(placement)];
  if (instances !== undefined) parts.push(`instances ${instances}`);
  if (cores !== undefined && cores !== "all") parts.push(`cores ${cores}`);
  if (smt === "on") parts.push("smt on");
  if (memory !== undefined) parts.push(`memory ${memory}`);
  return parts.join(", ");
}

/** Axes that say the same for every way of asking: numbers resolved, what has no effect left out. */
function normalAxes(host: HostCores, asked: Cell, resolved: ResolvedPlacement): Cell {
  const each = coresPerInstance(host, asked) ?? [];
  const axes: Record<string, AxisValue> = {
    placement: asked["placement"] ?? "one-socket",
    cores: Math.min(...each),
    instances: resolved.instances.length,
    smt: asked["smt"] ?? "off",
    memory_policy: resolved.instances[0]?.memoryPolicy ?? "local",
  };
  if (new Set(each).size > 1) Object.assign(axes, { cores: "all", remainder: "spread" });
  if (asked["socket"] !== undefined && dependsOnSocket(host, asked))
    axes["socket"] = asked["socket"];
  return axes;
}

/** Whether leaving `socket` out would give other CPUs. */
function dependsOnSocket(host: HostCores, asked: Cell): boolean {
  const { socket: _, ...rest } = asked;
  return signature(resolveOn(host, rest)) !== signature(resolveOn(host, asked));
}

function signature(resolved: ResolvedPlacement | PlacementRefusal): string {
  return "refused" in resolved ? resolved.refused : JSON.stringify(resolved.instances);
}

/**
 * The row's axes under the first name in the registry that gives the same CPUs and memory, whatever
 * the file calls it: equal work has equal ids in every sweep.
 */
function underFirstName(host: HostCores, asked: Cell, resolved: ResolvedPlacement): Cell {
  const wanted = signature(resolved);
  for (const placement of namesBefore(String(asked["placement"]), host, resolved)) {
    const axes = { ...asked, placement };
    if (signature(resolveOn(host, axes)) === wanted) return axes;
  }
  return asked;
}

/** Names that come before this one in the registry and may stand for so many instances. */
function namesBefore(
  placement: string,
  host: HostCores,
  resolved: ResolvedPlacement,
): readonly string[] {
  const each = resolved.instances.length / host.packages.length;
  const own = placementKinds.findIndex((kind) => kind.matches(placement));
  return placementKinds.slice(0, own).flatMap((kind) => {
    if (kind.name !== severalPerSocket.name) return [kind.name];
    return Number.isInteger(each) ? [`${each}-per-socket`] : [];
  });
}
