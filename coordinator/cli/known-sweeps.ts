import type { ListSweepsResponse__Output } from "../../proto/gen/fleetsweep/v1/ListSweepsResponse.ts";
import type { SweepSummary__Output } from "../../proto/gen/fleetsweep/v1/SweepSummary.ts";
import type { Operator } from "./operator-client.ts";

/**
 * The newest sweeps of the log, the newest last, asked for page by page: those over a large fleet are long.
 * At most `limit`, or all for 0; `more`: there are older ones.
 */
export async function knownSweeps(
  operator: Pick<Operator, "ask">,
  limit: number,
): Promise<{ readonly sweeps: readonly SweepSummary__Output[]; readonly more: boolean }> {
  let sweeps: readonly SweepSummary__Output[] = [];
  for (;;) {
    const left = limit === 0 ? 0 : limit - sweeps.length;
    const request = { beforeSweepId: sweeps[0]?.sweepId ?? "", limit: left };
    const page = await operator.ask<ListSweepsResponse__Output>((client, limits, answer) =>
      client.listSweeps(request, limits, answer),
    );
    sweeps = [...page.sweeps, ...sweeps];
    const isEnough = limit > 0 && sweeps.length >= limit;
    if (isEnough || !page.more || page.sweeps.length === 0) return { sweeps, more: page.more };
  }
}
