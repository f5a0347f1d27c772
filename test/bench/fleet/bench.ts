import { parseArgs } from "node:util";
import { measureGrpcMessages, measureRawPublishes, withNatsServer } from "../ceilings.ts";
import { type FleetFigures, measureFleet } from "./fleet-run.ts";
import { measureIdleAgent } from "./idle-agent.ts";

/**
 * `npm run bench:fleet -- [--agents 100,1000,10000] [--cells 32768] [--rounds 1] [--rest-seconds 30]
 * [--idle-seconds 60] [--topology FILE] [--cpu-prof DIR]`; `none` and 0 leave a part out. How far a run is goes to stderr.
 */
const { values } = parseArgs({
  options: {
    agents: { type: "string", default: "100,1000,10000" },
    cells: { type: "string", default: "32768" },
    rounds: { type: "string", default: "1" },
    "rest-seconds": { type: "string", default: "30" },
    "idle-seconds": { type: "string", default: "60" },
    "cpu-prof": { type: "string", default: "" },
    topology: { type: "string", default: "" },
  },
});
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const mib = (bytes: number): string => (bytes / 1_024 ** 2).toFixed(0);

const sizes = values.agents === "none" ? [] : values.agents.split(",").map(Number);
const cells = Number(values.cells);
const { "cpu-prof": profile, topology } = values;
const restMs = Number(values["rest-seconds"]) * 1_000;
if (sizes.length > 0) {
  print(
    "| agents | all welcomed, s | RSS, MiB (empty, peak) | KiB an agent | heartbeats/s, core for them | dispatch p50 / p99, ms | cells/s durable | CPU µs a cell: coordinator, light agents, nats-server | ÷ JetStream publishes | ÷ gRPC messages |",
  );
  print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
}
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const agents of sizes) {
    // In turns, so that a busy moment of the machine hits the product and its ceilings alike.
    const raw = await withNatsServer((url) => measureRawPublishes(url, 10_000));
    const figures = await withNatsServer((url, pid) =>
      measureFleet({ url, pid }, { agents, cells, restMs, profile, topology }),
    );
    const grpc = await measureGrpcMessages(10_000);
    print(row(figures, raw.perSecond, grpc.perSecond));
  }
}
const idleSeconds = Number(values["idle-seconds"]);
for (let round = 0; round < Number(values.rounds) && idleSeconds > 0; round += 1) {
  const { rssBytes, pssBytes, cpuShare } = await measureIdleAgent(idleSeconds * 1_000);
  const holds = `${(rssBytes / 1e6).toFixed(1)} MB RSS, ${(pssBytes / 1e6).toFixed(1)} MB PSS`;
  const cpu = (cpuShare * 100).toFixed(2);
  print(`An idle agent: ${holds}, ${cpu} % of a core over ${idleSeconds} s.`);
}

function row(figures: FleetFigures, publishes: number, messages: number): string {
  const { agents, rssBytes, emptyRssBytes, dispatchMs, cellsPerSecond } = figures;
  const at = (share: number): string =>
    `${dispatchMs[Math.min(dispatchMs.length - 1, Math.floor(dispatchMs.length * share))] ?? "none"}`;
  return `| ${[
    agents,
    figures.stormSeconds.toFixed(1),
    `${mib(rssBytes)} (${mib(emptyRssBytes)}, ${mib(figures.peakRssBytes)})`,
    ((rssBytes - emptyRssBytes) / agents / 1_024).toFixed(0),
    `${figures.heartbeatsPerSecond.toFixed(0)}, ${(figures.steadyCpuShare * 100).toFixed(1)} %`,
    `${at(0.5)} / ${at(0.99)}`,
    cellsPerSecond.toFixed(0),
    figures.cpuMicrosPerCell.map((micros) => micros.toFixed(0)).join(", "),
    (cellsPerSecond / publishes).toFixed(2),
    (cellsPerSecond / messages).toFixed(2),
  ].join(" | ")} |`;
}
