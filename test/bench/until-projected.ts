import { setTimeout as wait } from "node:timers/promises";
import type { Operator } from "../../coordinator/cli/operator-client.ts";
import type { ListSweepsResponse__Output } from "../../proto/gen/fleetsweep/v1/ListSweepsResponse.ts";
import type { QueryProjectionResponse__Output } from "../../proto/gen/fleetsweep/v1/QueryProjectionResponse.ts";

/** A query is answered once the projection holds all that was folded. */
export async function untilProjected(operator: Operator, cells: number): Promise<void> {
  const request = { sql: "SELECT count(*) AS n FROM results WHERE counted", maxRows: 1 };
  let answer = "";
  for await (const { partJson } of operator.stream<QueryProjectionResponse__Output>((client) =>
    client.queryProjection(request),
  )) {
    answer += partJson;
  }
  if (!answer.includes(String(cells))) throw new Error(`not all cells are projected: ${answer}`);
}

/** Often enough to know the end, and seldom enough to cost nothing beside the work. */
const lookMs = 100;

/** Watching a sweep costs more: it tells of every host, four times a second. */
export async function untilSealed(operator: Operator, sweepId: string): Promise<void> {
  for (;;) {
    const { sweeps } = await operator.ask<ListSweepsResponse__Output>((client, limits, answer) =>
      client.listSweeps({}, limits, answer),
    );
    if (sweeps.some((sweep) => sweep.sweepId === sweepId && sweep.state === "done")) return;
    await wait(lookMs);
  }
}
