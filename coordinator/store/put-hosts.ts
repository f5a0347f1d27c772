import type { DuckDBConnection } from "@duckdb/node-api";
import type { Topology } from "../../shared/domain/topology.ts";

/** What a host said of itself when it connected. */
export interface HostSnapshot {
  readonly hostId: string;
  readonly agentVersion: string;
  readonly topology: Topology;
  /** Its runners' declarations, as JSON. */
  readonly runnersJson: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly observedAtMs: number;
}

/** Keeps what hosts said last, inside the connection's open transaction. */
export async function putHosts(
  connection: DuckDBConnection,
  hosts: readonly HostSnapshot[],
): Promise<void> {
  // The last word of each: one that connects again meanwhile is there twice.
  const rows = [...new Map(hosts.map((one) => [one.hostId, one])).values()].map(toRow);
  // One statement for all of them: thousands come at once when a fleet comes back.
  const places = rows.map((row, n) => {
    const placeholders = row.map((_, at) => `$${n * row.length + at + 1}`);
    return `(${placeholders.join(", ")})`;
  });
  const values = places.join(", ");
  await connection.run(`INSERT OR REPLACE INTO hosts VALUES ${values}`, rows.flat());
}

function toRow(host: HostSnapshot): (string | number)[] {
  return [
    host.hostId,
    host.agentVersion,
    JSON.stringify(host.topology),
    host.runnersJson,
    JSON.stringify(host.labels),
    host.observedAtMs,
  ];
}
