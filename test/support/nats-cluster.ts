import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { busLimits } from "../../shared/bus/bus-limits.ts";
import { findProgram } from "../../shared/runtime/find-program.ts";
import { freePort } from "./free-port.ts";

/** Where `deploy/setup.sh tests` puts a server that replicates, for Debian's is too old for it. */
const testServers = fileURLToPath(new URL("../../node_modules/.nats-server/bin", import.meta.url));

/** The nats-server of `test/nats-server.lock`; undefined where it could not be had. */
export async function findClusterServer(): Promise<string | undefined> {
  const found = await findProgram("nats-server", testServers);
  return found?.startsWith(testServers) === true ? found : undefined;
}

export interface ClusterServer {
  readonly name: string;
  readonly argv: readonly string[];
  readonly port: number;
  /** Where it says of itself how it is. */
  readonly monitorPort: number;
  /** Holds everything that the server keeps. */
  readonly store: string;
}

/** Configurations of servers on loopback that make one cluster, or of one that is in none. Clients hear of none but those that they know. */
export async function writeCluster(
  directory: string,
  { program, size }: { readonly program: string; readonly size: number },
): Promise<readonly ClusterServer[]> {
  const numbers = Array.from({ length: size }, (_, index) => index + 1);
  const ports = await Promise.all(numbers.map(freePort));
  const monitorPorts = await Promise.all(numbers.map(freePort));
  const routePorts = await Promise.all(numbers.map(freePort));
  const routes = routePorts.map((port) => `nats-route://127.0.0.1:${port}`);
  return await Promise.all(
    numbers.map(async (number, index) => {
      const name = `nats-server-${number}`;
      const port = ports[index] ?? 0;
      const monitorPort = monitorPorts[index] ?? 0;
      const store = join(directory, name, "store");
      await mkdir(store, { recursive: true });
      const cluster = {
        name: "fleetsweep",
        host: "127.0.0.1",
        port: routePorts[index],
        no_advertise: true,
        routes,
      };
      const config = {
        server_name: name,
        host: "127.0.0.1",
        port,
        max_payload: busLimits.maxPayloadBytes,
        http: `127.0.0.1:${monitorPort}`,
        jetstream: { store_dir: store },
        ...(size > 1 ? { cluster } : {}),
      };
      const file = join(directory, name, "nats-server.conf");
      await writeFile(file, JSON.stringify(config));
      return { name, argv: [program, "-c", file], port, monitorPort, store };
    }),
  );
}

/** Servers that run until they are killed, each on its own; beside the cluster's also others that are started. */
export class NatsCluster {
  readonly servers: readonly ClusterServer[];
  readonly #children = new Map<ClusterServer, ChildProcess>();

  constructor(servers: readonly ClusterServer[]) {
    this.servers = servers;
    for (const server of servers) this.start(server);
  }

  get urls(): readonly string[] {
    return this.servers.map(({ port }) => `nats://127.0.0.1:${port}`);
  }

  start(server: ClusterServer): void {
    const [command = "", ...words] = server.argv;
    this.#children.set(server, spawn(command, words, { stdio: "ignore" }));
  }

  async kill(server: ClusterServer): Promise<void> {
    const child = this.#children.get(server);
    this.#children.delete(server);
    if (child === undefined) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  /** As a machine that comes back with a new disk. */
  async replace(server: ClusterServer): Promise<void> {
    await this.kill(server);
    await rm(server.store, { recursive: true, force: true });
    this.start(server);
  }

  async stop(): Promise<void> {
    for (const server of this.#children.keys()) await this.kill(server);
  }
}
