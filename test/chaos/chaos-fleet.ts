import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { busLimits } from "../../shared/bus/bus-limits.ts";
import { findProgram } from "../../shared/runtime/find-program.ts";
import { writeNatsConfig } from "../../shared/runtime/nats-config.ts";
import { addNamespace, type Namespace } from "./namespace.ts";
import { Program } from "./program.ts";
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
  readonly natsUrl: string;
  readonly nats: Program;
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
  const natsPort = await freePort();
  const nats = await startNats(directory, natsPort);
  closers.push(() => nats.stop());
  const natsUrl = `nats://127.0.0.1:${natsPort}`;
  const coordinators: Program[] = [];
  const coordinatorPorts: number[] = [];
  for (let n = 1; n <= options.coordinators; n += 1) {
    const port = await freePort();
    const words = ["--listen", `127.0.0.1:${port}`, "--nats", natsUrl];
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
    hosts.push(await startHost({ ...options, natsPort, coordinatorPorts, closers }, n));
  }
  return {
    natsUrl,
    nats,
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
  readonly natsPort: number;
  readonly coordinatorPorts: readonly number[];
  readonly closers: (() => Promise<void> | void)[];
}

async function startHost(deps: HostDeps, n: number): Promise<ChaosHost> {
  const { directory, natsPort, coordinatorPorts, closers } = deps;
  const hostId = `host-${n}`;
  let turn = n;
  const namespace = deps.namespaces === true ? addNamespace(n) : null;
  const address = namespace?.address ?? "127.0.0.1";
  const toCoordinator = await startProxy(
    () => coordinatorPorts[turn++ % coordinatorPorts.length] ?? 0,
    address,
  );
  const toNats = await startProxy(() => natsPort, address);
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

async function startNats(directory: string, port: number): Promise<Program> {
  const program = await findProgram("nats-server", undefined);
  if (program === undefined) throw new Error("no nats-server is installed");
  const config = await writeNatsConfig({
    directory: join(directory, "nats"),
    maxPayloadBytes: busLimits.maxPayloadBytes,
    port,
  });
  return start(directory, "nats-server", [program, "-c", config]);
}

export function start(directory: string, name: string, argv: readonly string[]): Program {
  const program = new Program(name, argv, join(directory, "logs", `${name}.log`));
  program.start();
  return program;
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
