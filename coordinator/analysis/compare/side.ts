import type { Cell } from "../../../shared/domain/cell.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import type { Steps } from "../../../shared/domain/steps.ts";
import { measuredLaunches } from "../cell-figures.ts";
import { type AnalysedCell, analysisSteps } from "../findings/analysed-cell.ts";
import { showAxisValue } from "../report.ts";
import type { ReportCell, ReportInput } from "../report-input.ts";

/** Which cells of which sweep: `01JD…` or `01JD…,host=h1,allocator=glibc`. */
export interface SideRequest {
  readonly label: string;
  readonly sweepId: string;
  /** `host`, `class`, `version`, or the name of an axis; every one must hold. */
  readonly filters: readonly (readonly [name: string, value: string])[];
}

/** @throws FleetsweepError config.invalid where the text is no side. */
export function parseSide(text: string): SideRequest {
  const [sweepId = "", ...parts] = text.split(",");
  const filters = parts.map((part): readonly [string, string] => {
    const at = part.indexOf("=");
    if (at > 0) return [part.slice(0, at), part.slice(at + 1)];
    throw new FleetsweepError("config.invalid", `"${part}" in "${text}" is no NAME=VALUE`);
  });
  if (sweepId === "") throw new FleetsweepError("config.invalid", `"${text}" names no sweep`);
  return { label: text, sweepId, filters };
}

/** Whether a cell of a host passes the filters by host and by axes; others do not apply. */
export function passesFilters({ filters }: SideRequest, hostId: string, cell: Cell): boolean {
  return filters.every(([name, value]) =>
    name === "host" ? hostId === value : showAxisValue(cell[name]) === value,
  );
}

/** The cells of a sweep that pass every filter, in steps. @throws config.invalid where none does. */
export function* selectionSteps(
  input: ReportInput,
  side: SideRequest,
): Steps<readonly AnalysedCell[]> {
  const classes = new Map(input.hosts.map(({ hostId, classId }) => [hostId, classId]));
  const reads = (cell: ReportCell, name: string): readonly string[] => {
    if (name === "host") return [cell.hostId];
    if (name === "class") return [classes.get(cell.hostId) ?? "unknown"];
    if (name === "version") return versionsOf(cell);
    const value = cell.cell[name];
    return value === undefined ? [] : [showAxisValue(value)];
  };
  const { cells } = input;
  const chosen = cells.filter((cell) =>
    side.filters.every(([name, value]) => reads(cell, name).includes(value)),
  );
  yield;
  if (chosen.length > 0) return yield* analysisSteps({ ...input, cells: chosen });
  const [first] = side.filters;
  const known = first === undefined ? [] : [...new Set(cells.flatMap((c) => reads(c, first[0])))];
  const hint =
    known.length === 0 ? "" : `; ${first?.[0]} is one of ${known.slice(0, 8).join(", ")}`;
  throw new FleetsweepError("config.invalid", `no cell of "${side.label}"${hint}`);
}

/** `NAME VERSION` and the bare version of everything that measured the cell. */
function versionsOf(cell: ReportCell): readonly string[] {
  return measuredLaunches(cell).flatMap(({ runnerVersions }) =>
    Object.entries(runnerVersions).flatMap(([name, version]) => [version, `${name} ${version}`]),
  );
}

/** Every `NAME VERSION` that measured any of the cells. */
export function allVersions(cells: readonly AnalysedCell[]): readonly string[] {
  const found = new Set<string>();
  for (const { source } of cells) for (const text of versionsOf(source)) found.add(text);
  return [...found].filter((text) => text.includes(" ")).sort();
}
