import { join } from "node:path";
import { busLimits } from "../../shared/bus/bus-limits.ts";
import { findProgram } from "../../shared/runtime/find-program.ts";
import { writeNatsConfig } from "../../shared/runtime/nats-config.ts";
import { freePort } from "../support/free-port.ts";
import { findClusterServer, writeCluster } from "../support/nats-cluster.ts";
import { type Program, start } from "./program.ts";

/** The nats-server of a fleet, or several that keep its log together. */
export interface ChaosBus {
  readonly servers: readonly Program[];
  readonly ports: readonly number[];
  readonly urls: readonly string[];
}

export async function startBus(directory: string, size: number): Promise<ChaosBus> {
  const configured =
    size > 1 ? await configureCluster(directory, size) : [await configure(directory)];
  return {
    servers: configured.map(({ name, argv }) => start(directory, name, argv)),
    ports: configured.map(({ port }) => port),
    urls: configured.map(({ port }) => `nats://127.0.0.1:${port}`),
  };
}

interface Configured {
  readonly name: string;
  readonly argv: readonly string[];
  readonly port: number;
}

async function configure(directory: string): Promise<Configured> {
  const program = await findProgram("nats-server", undefined);
  if (program === undefined) throw new Error("no nats-server is installed");
  const port = await freePort();
  const config = await writeNatsConfig({
    directory: join(directory, "nats"),
    maxPayloadBytes: busLimits.maxPayloadBytes,
    port,
  });
  return { name: "nats-server", argv: [program, "-c", config], port };
}

async function configureCluster(directory: string, size: number): Promise<readonly Configured[]> {
  const program = await findClusterServer();
  if (program === undefined)
    throw new Error("no nats-server that replicates; run deploy/setup.sh tests");
  return await writeCluster(join(directory, "nats"), { program, size });
}
