import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../support/free-port.ts";
import { type ChaosBus, startBus } from "./bus.ts";
import { addNamespace, type Namespace } from "./namespace.ts";
import { type Program, start } from "./program.ts";
import { startProxy, type TcpProxy } from "./tcp-proxy.ts";

const dist = (path: string): string =>
  fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));
export const receiptRunner = fileURLToPath(new URL("receipt-runner.mjs", import.meta.url));

/** An agent with its ways to the others, its disk, and the ledger that its runner writes. */
export interface ChaosHost {
  readonly hostId: string;
  readonly agent: Program;
  readonly toCoordinator: TcpProxy;
  readonly toNats: TcpProxy;
  readonly state: string;
  readonly ledger: string;
  /** Its state directory is a small disk of its own. */
  readonly hasOwnDisk: boolean;
  /** Null where it shares the network of this host. */
  readonly namespace: Namespace | null;
}

export interface ChaosFleet {
  readonly bus: ChaosBus;
  readonly coordinators: readonly Program[];
  readonly coordinatorPorts: readonly number[];
  readonly hosts: readonly ChaosHost[];
  /** Ids of the sweeps of which an operator was told that they are in the log. */
  readonly acknowledged: Set<string>;
  stop(): Promise<void>;
}

export interface ChaosFleetOptions {
  readonly directory: string;
  readonly hosts: number;
  readonly coordinators: number;
  /** One unless given; several keep the log together. */
  readonly natsServers?: number;
  /** Gives each agent a network of its own. */
  readonly namespaces?: boolean;
  /** All agents run on one machine, as by mistake; else each stands for a machine of its own. */
  readonly oneMachine?: boolean;
}

const diskBytes = 4 * 1024 * 1024;

/** Real programs on loopback, each started again when it dies; every agent behind proxies of its own. */
export async function startChaosFleet(options: ChaosFleetOptions): Promise<ChaosFleet> {
  const { directory } = options;
  await mkdir(join(directory, "logs"));
  const closers: (() => Promise<void> | void)[] = [];
  const bus = await startBus(directory, options.natsServers ?? 1);
  for (const server of bus.servers) closers.push(() => server.stop());
  const busFlags = ["--nats", bus.urls.join(","), "--nats-replicas", `${bus.servers.length}`];
  const coordinators: Program[] = [];
  const coordinatorPorts: number[] = [];
  for (let n = 1; n <= options.coordinators; n += 1) {
    const port = await freePort();
    const words = ["--listen", `127.0.0.1:${port}`, ...busFlags];
    const state = ["--state", join(directory, `coordinator-${n}`)];
    const program = start(directory, `coordinator-${n}`, [
      process.execPath,
      dist("coordinator/main.js"),
      "coordinator",
      ...words,
      ...state,
    ]);
    coordinators.push(program);
    coordinatorPorts.push(port);
    closers.push(() => program.stop());
  }
  const hosts: ChaosHost[] = [];
  for (let n = 1; n <= options.hosts; n += 1) {
    hosts.push(await startHost({ ...options, bus, coordinatorPorts, closers }, n));
  }
  return {
    bus,
    coordinators,
    coordinatorPorts,
    hosts,
    acknowledged: new Set(),
    async stop() {
      for (const close of closers.reverse()) await close();
    },
  };
}

interface HostDeps extends ChaosFleetOptions {
  readonly bus: ChaosBus;
  readonly coordinatorPorts: readonly number[];
  readonly closers: (() => Promise<void> | void)[];
}

async function startHost(deps: HostDeps, n: number): Promise<ChaosHost> {
  const { directory, bus, coordinatorPorts, closers } = deps;
  const hostId = `host-${n}`;
  let turn = n;
  const nextOf = (ports: readonly number[]): number => ports[turn++ % ports.length] ?? 0;
  const namespace = deps.namespaces === true ? addNamespace(n) : null;
  const address = namespace?.address ?? "127.0.0.1";
  const toCoordinator = await startProxy(() => nextOf(coordinatorPorts), address);
  const toNats = await startProxy(() => nextOf(bus.ports), address);
  const state = join(directory, hostId);
  await mkdir(state);
  const hasOwnDisk = mountDisk(state);
  const machine = deps.oneMachine === true ? "machine" : hostId;
  const ledger = join(directory, `${machine}.ledger`);
  const config = join(directory, `${hostId}.yaml`);
  await writeFile(config, agentConfig(hostId, ledger));
  const agent = start(directory, hostId, [
    ...(namespace?.prefix ?? []),
    process.execPath,
    dist("agent/main.js"),
    "agent",
    "--state",
    state,
    "--config",
    config,
    "--allow-plaintext",
    "--launch-lock",
    join(directory, `${machine}.lock`),
    "--coordinator",
    `${address}:${toCoordinator.port}`,
    "--nats",
    `nats://${address}:${toNats.port}`,
  ]);
  closers.push(async () => {
    await agent.stop();
    await toCoordinator.close();
    await toNats.close();
    if (hasOwnDisk) execFileSync("umount", [state]);
    namespace?.remove();
  });
  return { hostId, agent, toCoordinator, toNats, state, ledger, hasOwnDisk, namespace };
}

export function agentConfig(hostId: string, ledger: string): string {
  const argv = [process.execPath, receiptRunner, ledger];
  return JSON.stringify({
    host_id: hostId,
    commands: { receipt: { argv, version: "receipt 1", models: ["nothing"], knobs: [] } },
  });
}

/** Needs root; elsewhere the disks are never full. */
function mountDisk(directory: string): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${diskBytes}`, "none", directory]);
    return true;
  } catch {
    return false; // A container without the right to mount.
  }
}
