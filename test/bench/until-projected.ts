import { connect } from "nats";
import type { Operator } from "../../coordinator/cli/operator-client.ts";
import type { QueryProjectionResponse__Output } from "../../proto/gen/fleetsweep/v1/QueryProjectionResponse.ts";
import { encodeEvent } from "../../shared/bus/log-codec.ts";

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

/** Hears of a sweep's end. Made before the sweep is submitted. */
export interface SealWatch {
  /** Resolves once the sweep is sealed. */
  readonly sealed: Promise<void>;
  close(): Promise<void>;
}

/** Listens on the bus: asking the coordinator now and then took a tenth of what it does for a cell. */
export async function watchForSeal(nats: string, sweepId: string): Promise<SealWatch> {
  const client = await connect({ servers: nats });
  const sealed = new Promise<void>((resolve) => {
    client.subscribe(encodeEvent({ type: "sealed", sweepId }).subject, {
      callback: () => resolve(),
    });
  });
  await client.flush();
  return { sealed, close: () => client.close() };
}
