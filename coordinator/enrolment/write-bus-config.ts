import { join } from "node:path";
import { busLimits } from "../../shared/bus/bus-limits.ts";
import { makeDirectory } from "../../shared/runtime/make-directory.ts";
import { writeDurably } from "../../shared/runtime/write-durably.ts";
import { caFile, identityFile, writeCredentials } from "../../shared/security/credentials.ts";
import { type Authority, issueCredentials } from "./authority.ts";
import { serverConfigFile, serverPidFile } from "./bus-users.ts";
import { coordinatorUser, hostUser } from "./nats-permissions.ts";

export interface BusConfig {
  /** Where configuration, certificate and JetStream's store go. */
  readonly directory: string;
  readonly listen: { readonly host: string; readonly port: number };
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
  const { directory, listen, serverNames, nowMs, lifetimeMs } = config;
  const identity = { kind: "bus", name: "nats" } as const;
  const lifetime = { nowMs, lifetimeMs, serverNames };
  await writeCredentials(directory, await issueCredentials(authority, identity, lifetime));
  const store = join(directory, "jetstream");
  await makeDirectory(store, 0o700);
  const own = join(directory, identityFile);
  const users = [...config.coordinators.map(coordinatorUser), ...config.hostIds.map(hostUser)];
  const written = {
    ...listen,
    server_name: "fleetsweep",
    // A coordinator on the same host says by it that users have changed.
    pid_file: join(directory, serverPidFile),
    max_payload: busLimits.maxPayloadBytes,
    jetstream: { store_dir: store },
    tls: {
      cert_file: own,
      key_file: own,
      ca_file: join(directory, caFile),
      verify_and_map: true,
      // Who connects and says nothing is gone after so many seconds, here and below.
      timeout: 5,
    },
    authorization: { timeout: 5, users },
    max_control_line: 4_096,
    ...(listen.port > 0 ? {} : { port: -1, ports_file_dir: directory }),
  };
  const file = join(directory, serverConfigFile);
  // JSON is a subset of the configuration's language, and quotes whatever a name holds.
  await writeDurably(file, `${JSON.stringify(written, null, 2)}\n`);
  return file;
}
