import type { OperatorServiceHandlers } from "../../proto/gen/fleetsweep/v1/OperatorService.ts";
import { send } from "../../shared/rpc/duplex.ts";
import type { SweepSource } from "../submit.ts";
import { answerStream } from "./answer-stream.ts";
import { unary } from "./unary.ts";

/** What these handlers need of the coordinator: they translate, and decide nothing. */
export interface TuneHub {
  submit(
    sweepId: string,
    source: SweepSource,
    overridesJson: string,
  ): Promise<{ configurations: number; hostIds: readonly string[] }>;
  /** The report as JSON. @throws FleetsweepError sweep.not_found */
  report(sweepId: string): string;
  /** The best known settings of a workload as JSON. */
  best(workload: Readonly<Record<string, string>>, objective: string): string;
}

/** Characters of one message, far below its 4 MiB. */
const partCharacters = 512 * 1024;

export function tuneHandlers(
  hub: TuneHub,
): Pick<OperatorServiceHandlers, "SubmitTune" | "GetTuneReport" | "ListBest"> {
  return {
    SubmitTune: unary(async ({ sweepId, fileName, source, overridesJson }) => {
      const submitted = await hub.submit(sweepId, { fileName, text: source }, overridesJson);
      return { sweepId, configurations: submitted.configurations, hostIds: [...submitted.hostIds] };
    }),
    GetTuneReport: (call) =>
      answerStream(call, async () => {
        const json = hub.report(call.request.sweepId);
        for (let start = 0; start < json.length; start += partCharacters) {
          await send(call, { jsonPart: json.slice(start, start + partCharacters) });
        }
      }),
    ListBest: unary(({ workload, objective }) => ({ bestJson: hub.best(workload, objective) })),
  };
}
