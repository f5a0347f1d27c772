import { createHmac } from "node:crypto";
import { join } from "node:path";
import { busLimits } from "../../shared/bus/bus-limits.ts";
import { makeDirectory } from "../../shared/runtime/make-directory.ts";
import { writeDurably } from "../../shared/runtime/write-durably.ts";
import { caFile, identityFile, writeCredentials } from "../../shared/security/credentials.ts";
import { type Authority, issueCredentials } from "./authority.ts";
import { serverConfigFile, serverPidFile } from "./bus-users.ts";
import { coordinatorUser, hostUser } from "./nats-permissions.ts";

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** A server's place among others that keep the log with it. */
export interface BusCluster {
  /** No other server of the cluster has it, at any time: its share of the log goes by it. */
  readonly serverName: string;
  /** Where the others reach it. */
  readonly listen: ListenAddress;
  /** `HOST:PORT` where it reaches the others. */
  readonly routes: readonly string[];
}

export interface BusConfig {
  /** Where configuration, certificate and JetStream's store go. */
  readonly directory: string;
  readonly listen: ListenAddress;
  /** `HOST:PORT` where it says over HTTP how it is, to anybody; null for nowhere. */
  readonly monitor: string | null;
  /** Null for a server that is alone. */
  readonly cluster: BusCluster | null;
  /** Names and addresses by which programs dial the server. */
  readonly serverNames: readonly string[];
  readonly hostIds: readonly string[];
  readonly coordinators: readonly string[];
  readonly nowMs: number;
  readonly lifetimeMs: number;
}

/**
 * Writes the configuration of a nats-server (2.9.10 or newer) that knows its clients by their
 * certificates, with the server's own, and returns the file. A server that runs takes it over with
 * `nats-server --signal reload`.
 */
export async function writeBusConfig(authority: Authority, config: BusConfig): Promise<string> {
  const { directory, listen, monitor, cluster, serverNames, nowMs, lifetimeMs } = config;
  const identity = { kind: "bus", name: "nats" } as const;
  const lifetime = { nowMs, lifetimeMs, serverNames };
  await writeCredentials(directory, await issueCredentials(authority, identity, lifetime));
  const store = join(directory, "jetstream");
  await makeDirectory(store, 0o700);
  const own = join(directory, identityFile);
  const tls = { cert_file: own, key_file: own, ca_file: join(directory, caFile) };
  // Who connects and says nothing is gone after so many seconds.
  const timeout = 5;
  const users = [...config.coordinators.map(coordinatorUser), ...config.hostIds.map(hostUser)];
  const written = {
    ...listen,
    server_name: cluster?.serverName ?? "fleetsweep",
    // A coordinator on the same host says by it that users have changed.
    pid_file: join(directory, serverPidFile),
    max_payload: busLimits.maxPayloadBytes,
    jetstream: { store_dir: store },
    tls: { ...tls, verify_and_map: true, timeout },
    authorization: { timeout, users },
    max_control_line: 4_096,
    ...(listen.port > 0 ? {} : { port: -1, ports_file_dir: directory }),
    ...(monitor === null ? {} : { http: monitor }),
    ...(cluster === null ? {} : { cluster: clusterSection(authority, cluster, { tls, timeout }) }),
  };
  const file = join(directory, serverConfigFile);
  // JSON is a subset of the configuration's language, and quotes whatever a name holds.
  await writeDurably(file, `${JSON.stringify(written, null, 2)}\n`);
  return file;
}

/**
 * A certificate alone makes nobody a server of the cluster, for every host has one: servers show each other a
 * password too, which follows from the authority's key, so that all hosts of the authority's directory have it.
 */
function clusterSection(
  { held }: Authority,
  { listen, routes }: BusCluster,
  { tls, timeout }: { readonly tls: object; readonly timeout: number },
) {
  const user = "fleetsweep";
  const password = createHmac("sha256", held.keyPem).update("servers of the bus").digest("hex");
  return {
    name: "fleetsweep",
    ...listen,
    authorization: { user, password, timeout },
    tls: { ...tls, verify: true, timeout },
    routes: routes.map((address) => `nats-route://${user}:${password}@${address}`),
  };
}
