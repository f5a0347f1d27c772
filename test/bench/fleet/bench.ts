import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { makeTemporaryDirectory } from "../../../shared/testing/temporary-directory.ts";
import { measureGrpcMessages, measureRawPublishes, withNatsServer } from "../ceilings.ts";
import { cost, type FleetFigures, measureFleet, startChild } from "./fleet-run.ts";

/** `npm run bench:fleet -- [--agents 100,1000,10000] [--cells 20000] [--idle-seconds 60]`. */
const { values } = parseArgs({
  options: {
    agents: { type: "string", default: "100,1000,10000" },
    cells: { type: "string", default: "20000" },
    "idle-seconds": { type: "string", default: "60" },
  },
});
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const mib = (bytes: number): string => (bytes / 1_024 ** 2).toFixed(0);

print(
  "| agents | all welcomed, s | RSS, MiB (empty) | KiB an agent | core for heartbeats | dispatch p50 / p99, ms | cells/s durable | CPU µs a cell | ÷ JetStream publishes | ÷ gRPC messages |",
);
print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
for (const agents of values.agents.split(",").map(Number)) {
  // In turns, so that a busy moment of the machine hits the product and its ceilings alike.
  const raw = await withNatsServer((url) => measureRawPublishes(url, 10_000));
  const figures = await withNatsServer((url) =>
    measureFleet(url, { agents, cells: Number(values.cells) }),
  );
  const grpc = await measureGrpcMessages(10_000);
  print(row(figures, raw.perSecond, grpc.perSecond));
}
await printIdleAgent(Number(values["idle-seconds"]) * 1_000);

function row(figures: FleetFigures, publishes: number, messages: number): string {
  const { agents, rssBytes, emptyRssBytes, dispatchMs, cellsPerSecond } = figures;
  const at = (share: number): string =>
    `${dispatchMs[Math.min(dispatchMs.length - 1, Math.floor(dispatchMs.length * share))] ?? "none"}`;
  return `| ${[
    agents,
    figures.stormSeconds.toFixed(1),
    `${mib(rssBytes)} (${mib(emptyRssBytes)})`,
    ((rssBytes - emptyRssBytes) / agents / 1_024).toFixed(0),
    `${(figures.steadyCpuShare * 100).toFixed(1)} %`,
    `${at(0.5)} / ${at(0.99)}`,
    cellsPerSecond.toFixed(0),
    figures.cpuMicrosPerCell.toFixed(0),
    (cellsPerSecond / publishes).toFixed(2),
    (cellsPerSecond / messages).toFixed(2),
  ].join(" | ")} |`;
}

/** A real agent that is connected and has nothing to do. */
async function printIdleAgent(forMs: number): Promise<void> {
  const directory = await makeTemporaryDirectory();
  const main = (side: string): string =>
    fileURLToPath(new URL(`../../../dist/${side}/main.js`, import.meta.url));
  await withNatsServer(async (nats) => {
    const common = ["--nats", nats, "--log-level", "error", "--state"];
    const listen = ["--listen", "127.0.0.1:0"];
    const coordinator = startChild([
      main("coordinator"),
      "coordinator",
      ...listen,
      ...common,
      join(directory.path, "coordinator"),
    ]);
    const { listening } = await coordinator.said("listening");
    const agent = startChild([
      main("agent"),
      "agent",
      "--coordinator",
      String(listening),
      ...common,
      join(directory.path, "agent"),
    ]);
    await agent.said("host_id");
    await wait(15_000);
    const before = await cost(agent.child);
    await wait(forMs);
    const after = await cost(agent.child);
    const share = (after.cpuMs - before.cpuMs) / forMs;
    print(
      `\nAn idle agent: ${mib(after.rssBytes)} MiB RSS, ${(share * 100).toFixed(2)} % of a core over ${forMs / 1_000} s.`,
    );
    agent.child.kill("SIGTERM");
    coordinator.child.kill("SIGTERM");
    await wait(2_000);
  });
  await directory.remove();
}
