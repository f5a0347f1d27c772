import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { Io } from "../../shared/cli/command.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { isToken } from "../../shared/domain/ids.ts";
import { describeFailure } from "../../shared/runtime/describe-failure.ts";
import { cellsOfReport, type EarlierCells, readCellIds } from "../plan-view/compare-plan.ts";
import { withOperator } from "./operator-client.ts";
import { fetchReport } from "./report-client.ts";
import type { PlaceOptions } from "./state-place.ts";

/** What a plan is compared with, and what to call it. */
export interface NamedCells {
  readonly name: string;
  readonly cells: EarlierCells;
}

/**
 * The cells of a plan or report in a JSON file or, where there is no such file, of the sweep that a
 * coordinator knows by this id.
 * @throws FleetsweepError config.invalid where it is neither file nor id; sweep.not_found;
 * link.unavailable where no coordinator answers.
 */
export async function readEarlierCells(
  against: string,
  options: PlaceOptions,
  io: Io,
): Promise<NamedCells> {
  try {
    const json = await readFile(resolve(io.cwd, against), "utf8");
    return { name: basename(against), cells: readCellIds(json) };
  } catch (cause) {
    const isAbsent = (cause as NodeJS.ErrnoException).code === "ENOENT";
    if (isAbsent && isToken(against)) return await askForSweep(against, options, io);
    const found = describeFailure(cause);
    throw new FleetsweepError("config.invalid", `cannot read the plan ${against}: ${found}`, {
      cause,
    });
  }
}

async function askForSweep(sweepId: string, options: PlaceOptions, io: Io): Promise<NamedCells> {
  io.talk(`there is no file ${sweepId}; asking for the sweep\n`);
  const report = await withOperator(io, options, (operator) => fetchReport(operator, sweepId));
  return { name: `sweep ${sweepId}`, cells: cellsOfReport(report) };
}
