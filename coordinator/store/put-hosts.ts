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
  for (const host of new Map(hosts.map((one) => [one.hostId, one])).values()) {
    await connection.run("INSERT OR REPLACE INTO hosts VALUES ($1, $2, $3, $4, $5, $6)", [
      host.hostId,
      host.agentVersion,
      JSON.stringify(host.topology),
      host.runnersJson,
      JSON.stringify(host.labels),
      host.observedAtMs,
    ]);
  }
}
