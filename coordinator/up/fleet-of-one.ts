import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { busLimits } from "../../shared/bus/bus-limits.ts";
import type { NodeProcess } from "../../shared/cli/command.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { makeDirectory } from "../../shared/runtime/make-directory.ts";
import { startNatsServer } from "../../shared/runtime/nats-server.ts";
import { randomId } from "../../shared/runtime/random-id.ts";
import { smallHeapFlags } from "../../shared/runtime/small-heap.ts";
import { openStateDir } from "../../shared/runtime/state-dir.ts";
import { agentProgram } from "../cli/handover.ts";
import { endpointFile } from "../cli/state-place.ts";
import { type ChildProgram, startChild } from "./child-program.ts";

export interface FleetOfOneOptions {
  readonly state: string;
  readonly node: NodeProcess;
  readonly listen: string;
  /** Flags for the coordinator beyond those that connect it. */
  readonly coordinatorFlags: readonly string[];
  /** Flags for the agent beyond those that connect it. */
  readonly agentFlags: readonly string[];
  /** Aborted: nothing more is started. */
  readonly signal: AbortSignal;
}

/** A nats-server, a coordinator and an agent on this host. */
export interface FleetOfOne {
  readonly coordinator: string;
  /** Resolves when one of the three has ended, with which and how. */
  readonly died: Promise<string>;
  /** Ends agent, coordinator and nats-server, in this order, and waits until they are gone. */
  stop(): Promise<void>;
}

/**
 * Starts the whole system on loopback in one state directory, and leaves nothing behind when a part
 * of it does not start.
 * @throws FleetsweepError state.locked, state.unusable, program.missing, program.died, config.invalid.
 */
export async function startFleetOfOne(options: FleetOfOneOptions): Promise<FleetOfOne> {
  const closers: Closer[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    return { ...(await startParts(options, closers)), stop };
  } catch (error) {
    await stop();
    throw options.signal.aborted
      ? new FleetsweepError("program.died", "interrupted while starting")
      : error;
  }
}

type Closer = () => Promise<void>;

async function startParts(
  options: FleetOfOneOptions,
  closers: Closer[],
): Promise<{ coordinator: string; died: Promise<string> }> {
  const { state, node, signal } = options;
  const lock = await openStateDir(state, node.pid);
  closers.push(() => lock.release());
  const nats = await startNats(state);
  closers.push(() => nats.stop());
  signal.throwIfAborted();
  const coordinator = await startCoordinator(options, [...nats.flags, ...options.coordinatorFlags]);
  closers.push(() => coordinator.stop());
  signal.throwIfAborted();
  const address = coordinator.ready["listening"] ?? "";
  const agent = await startAgent(options, [...nats.flags, "--coordinator", address]);
  closers.push(() => agent.stop());
  const endpoint = join(state, endpointFile);
  await writeFile(endpoint, `${JSON.stringify({ coordinator: address })}\n`, { mode: 0o600 });
  closers.push(() => rm(endpoint, { force: true }));
  const died = Promise.race([nats.died, coordinator.exited, agent.exited]);
  return { coordinator: address, died };
}

/** The server, and the flags with which the other two find it. */
async function startNats(
  state: string,
): Promise<{ flags: string[]; died: Promise<string>; stop: Closer }> {
  const { path, token } = await writeToken(state);
  const server = await startNatsServer({
    directory: join(state, "nats"),
    maxPayloadBytes: busLimits.maxPayloadBytes,
    token,
  });
  return {
    flags: ["--nats", server.url, "--nats-token-file", path],
    died: server.exited.then(({ code, signal }) => describeNats(code, signal)),
    stop: () => server.stop(),
  };
}

function startCoordinator(options: FleetOfOneOptions, flags: string[]): Promise<ChildProgram> {
  const { state, node, listen } = options;
  const place = ["--listen", listen, "--state", join(state, "coordinator"), "--exit-with-parent"];
  return startChild({
    name: "coordinator",
    node,
    args: [coordinatorProgram(), "coordinator", ...place, ...flags],
    logFile: join(state, "logs", "coordinator.log"),
  });
}

function startAgent(options: FleetOfOneOptions, flags: string[]): Promise<ChildProgram> {
  const { state, node, agentFlags } = options;
  const place = ["--state", join(state, "agent"), "--exit-with-parent", ...stopSoon];
  return startChild({
    name: "agent",
    node,
    args: [
      ...smallHeapFlags(node.version),
      agentProgram(),
      "agent",
      ...place,
      ...flags,
      ...agentFlags,
    ],
    logFile: join(state, "logs", "agent.log"),
  });
}

/** Whoever presses Ctrl-C does not want to wait for a launch. */
const stopSoon = ["--stop-within", "0.5"];

function describeNats(code: number | null, signal: string | null): string {
  return signal === null
    ? `nats-server ended with exit code ${code}`
    : `nats-server was ended by ${signal}`;
}

/** The built or unbuilt entry of this very program. */
function coordinatorProgram(): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`../main.${extension}`, import.meta.url));
}

/** A new secret for every start: only the three programs of this fleet may speak to its NATS. */
async function writeToken(state: string): Promise<{ path: string; token: string }> {
  const path = join(state, "nats.token");
  const token = randomId();
  await makeDirectory(join(state, "logs"));
  await rm(path, { force: true });
  await writeFile(path, `${token}\n`, { mode: 0o600 });
  return { path, token };
}
