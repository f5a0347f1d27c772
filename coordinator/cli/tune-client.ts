import type { GetTuneReportResponse__Output } from "../../proto/gen/fleetsweep/v1/GetTuneReportResponse.ts";
import type { Io } from "../../shared/cli/command.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { confirmationId } from "../../shared/domain/tune.ts";
import { sleep } from "../../shared/runtime/sleep.ts";
import type { TuneReport } from "../logic/tune/tune-report.ts";
import { followSweep } from "./follow.ts";
import type { Operator } from "./operator-client.ts";

/** Asks for a tune's report and puts its pieces together. @throws sweep.not_found */
export async function fetchTuneReport(operator: Operator, sweepId: string): Promise<TuneReport> {
  let json = "";
  const pieces = operator.stream<GetTuneReportResponse__Output>((client) =>
    client.getTuneReport({ sweepId }),
  );
  for await (const { jsonPart } of pieces) json += jsonPart;
  return JSON.parse(json) as TuneReport;
}

/** A coordinator submits the last comparison within a second or two of a tune's end. */
const waits = { attempts: 20, pauseMs: 500 } as const;

/** Follows the last comparison of a tune that ended, where there is one. */
export async function followConfirmation(
  operator: Operator,
  sweepId: string,
  io: Io,
): Promise<void> {
  for (let attempt = 0; attempt < waits.attempts; attempt += 1) {
    const { confirmation } = await fetchTuneReport(operator, sweepId);
    if (!("absent" in confirmation) || confirmation.absent !== "the comparison runs") return;
    try {
      io.talk("comparing the winner with the untuned settings\n");
      await followSweep(operator, confirmationId(sweepId), io);
      return;
    } catch (error) {
      if (!(error instanceof FleetsweepError && error.code === "sweep.not_found")) throw error;
      await sleep(waits.pauseMs, io.signal);
    }
  }
}
