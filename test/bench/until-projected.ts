import type { Operator } from "../../coordinator/cli/operator-client.ts";
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
