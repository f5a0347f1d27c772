import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, resolve } from "node:path";
import { promisify } from "node:util";
import type { Io } from "../../shared/cli/command.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import type { RunnerDeclaration } from "../../shared/domain/runner-declaration.ts";
import type { Topology } from "../../shared/domain/topology.ts";
import { unknownTopology } from "../../shared/domain/unknown-topology.ts";
import { describeFailure } from "../../shared/runtime/describe-failure.ts";
import type { PlanningHost } from "../logic/sweep-plan.ts";
import { isAway } from "../report/host-sentences.ts";
import { parseDeclaration, parseTopology } from "../rpc/host-facts.ts";
import { agentProgram } from "./handover.ts";
import { knownHosts } from "./known-hosts.ts";
import { withOperator } from "./operator-client.ts";
import type { PlaceOptions } from "./state-place.ts";

/** The largest topology that is known, of 1,376 CPUs, has under 2 MB as JSON. */
const maxTopologyBytes = 16 * 1024 * 1024;
/** Reading a tree of 87,000 files takes seconds. */
const agentTimeoutMs = 60_000;

const run = promisify(execFile);

/** The hosts that the coordinator knows and that are connected, with what their agents declare. */
export async function connectedHosts(
  io: Io,
  options: PlaceOptions,
): Promise<readonly PlanningHost[]> {
  const hosts = await withOperator(io, options, knownHosts);
  return (
    hosts
      .filter(({ state }) => !isAway(state))
      .map((host) => ({
        hostId: host.hostId,
        topology: parseTopology(host.topologyJson),
        runners: host.runners.map(parseDeclaration),
        labels: host.labels,
      }))
      // Another coordinator hears it, and has not said yet what it is.
      .filter(({ topology }) => topology.cores.length > 0)
  );
}

/** This host, with its topology read here and now, and runners that are assumed. */
export async function thisHost(
  io: Io,
  runners: readonly RunnerDeclaration[],
): Promise<PlanningHost> {
  const topology = parseTopology(await readByAgent([], io));
  return { hostId: hostname(), topology, runners, labels: {} };
}

/**
 * A host of which only a file is there: a topology as JSON, or a captured tree (a directory or
 * `.tar.gz`), named after its file or the folder around it.
 * @throws FleetsweepError config.invalid where it is neither.
 */
export async function describedHost(
  path: string,
  io: Io,
  runners: readonly RunnerDeclaration[],
): Promise<PlanningHost> {
  const full = resolve(io.cwd, path);
  const isJson = full.endsWith(".json");
  const json = isJson ? await readTopologyFile(full) : await readByAgent(["--sysroot", full], io);
  const topology = withUnknowns(json, path);
  if (topology.cores.length === 0) {
    throw new FleetsweepError("config.invalid", `${path} is no topology: no CPU is in it`);
  }
  return { hostId: nameOf(full), topology, runners, labels: {} };
}

async function readTopologyFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const found = describeFailure(cause);
    throw new FleetsweepError("config.invalid", `cannot read ${path}: ${found}`, { cause });
  }
}

/** A file may leave fields out that later versions added: they are unknown, not wrong. */
function withUnknowns(json: string, path: string): Topology {
  try {
    const read = JSON.parse(json) as Partial<Topology>;
    const system = { ...unknownTopology.system, ...read.system };
    const cpus = { ...unknownTopology.cpus, ...read.cpus };
    return parseTopology(JSON.stringify({ ...unknownTopology, ...read, system, cpus }));
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new FleetsweepError("config.invalid", `${path} is no topology: ${found}`, { cause });
  }
}

/** `host-7/sysroot.tar.gz` and `host-7/truth.json` are host-7, `host-7.json` as well. */
function nameOf(path: string): string {
  const own = basename(path).replace(/\.(json|tar\.gz|tgz)$/, "");
  return ["sysroot", "truth", "topology"].includes(own) ? basename(dirname(path)) : own;
}

async function readByAgent(words: readonly string[], io: Io): Promise<string> {
  const { execPath, execArgv } = io.node;
  try {
    const args = [...execArgv, agentProgram(), "topology", "--json", ...words];
    const options = { maxBuffer: maxTopologyBytes, timeout: agentTimeoutMs, signal: io.signal };
    return (await run(execPath, args, options)).stdout;
  } catch (cause) {
    throw new FleetsweepError("config.invalid", explain(cause), { cause });
  }
}

function explain(error: unknown): string {
  const { stderr } = error as { stderr?: unknown };
  const said = typeof stderr === "string" ? stderr.trim().replace(/^fleetsweep[^:]*: /, "") : "";
  return `cannot read a topology: ${said === "" ? String(error) : said}`;
}
