import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { smallHeapFlags } from "../../../shared/runtime/small-heap.ts";
import { makeTemporaryDirectory } from "../../../shared/testing/temporary-directory.ts";
import { withNatsServer } from "../ceilings.ts";
import { cost, startChild } from "./child-program.ts";
import { readProportionalBytes } from "./process-cost.ts";

export interface IdleFigures {
  readonly rssBytes: number;
  /** Of the pages that it shares with the coordinator, which is the same Node, half. */
  readonly pssBytes: number;
  /** Share of one core. */
  readonly cpuShare: number;
}

/** What a start leaves behind is gone by then. */
const settleMs = 15_000;

/** A real agent, as it is built, that is connected to a real coordinator and has nothing to do. */
export async function measureIdleAgent(forMs: number): Promise<IdleFigures> {
  const directory = await makeTemporaryDirectory();
  try {
    return await withNatsServer((nats) => measureOne(nats, directory.path, forMs));
  } finally {
    await directory.remove();
  }
}

async function measureOne(nats: string, directory: string, forMs: number): Promise<IdleFigures> {
  const common = ["--nats", nats, "--log-level", "error", "--state"];
  const listen = ["--listen", "127.0.0.1:0"];
  const state = join(directory, "coordinator");
  const words = [main("coordinator"), "coordinator", ...listen, ...common, state];
  const coordinator = startChild(words);
  const children = [coordinator];
  try {
    const { listening } = await coordinator.said("listening");
    const where = ["--coordinator", String(listening), ...common, join(directory, "agent")];
    // As `fleetsweep agent`, `fleetsweep up` and the packages start it.
    const flags = smallHeapFlags(process.versions.node);
    const agent = startChild([...flags, main("agent"), "agent", ...where]);
    children.push(agent);
    await agent.said("host_id");
    await wait(settleMs);
    const before = await cost(agent.child);
    await wait(forMs);
    const after = await cost(agent.child);
    const pssBytes = await readProportionalBytes(agent.child.pid ?? 0);
    return { rssBytes: after.rssBytes, pssBytes, cpuShare: (after.cpuMs - before.cpuMs) / forMs };
  } finally {
    for (const { child } of children.reverse()) child.kill("SIGTERM");
    await Promise.all(children.map((one) => one.ended()));
  }
}

function main(side: "agent" | "coordinator"): string {
  return fileURLToPath(new URL(`../../../dist/${side}/main.js`, import.meta.url));
}
