import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runChaos } from "./run-chaos.ts";

/** `npm run chaos -- --minutes N --seed S [--hosts N] [--nats-servers 3]`. */
const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
    hosts: { type: "string", default: "5" },
    "nats-servers": { type: "string", default: "1" },
  },
});
const directory = await mkdtemp(join(tmpdir(), "fleetsweep-chaos-"));
const startMs = performance.now();
const note = (what: string): void => {
  console.log(`${((performance.now() - startMs) / 1_000).toFixed(1).padStart(7)} ${what}`);
};
const report = await runChaos({
  directory,
  seed: Number(values.seed),
  forMs: Number(values.minutes) * 60_000,
  hosts: Number(values.hosts),
  natsServers: Number(values["nats-servers"]),
  calmMs: 180_000,
  note,
});
const { oracle, entries, receipts, orphans, interrupted, violations, struck, starts } = report;
console.log([...struck].map(([name, count]) => `${count} × ${name}`).join(", "));
console.log(`starts: ${[...starts].map(([name, count]) => `${name} ${count}`).join(", ")}`);
console.log(
  `${oracle.sweeps.size} sweeps, ${entries} entries, ${receipts} measurements, ${oracle.counted.length} counted, ${orphans} orphans, ${interrupted} interrupted`,
);
for (const violation of violations) console.log(`VIOLATED ${violation}`);
if (violations.length === 0) await rm(directory, { recursive: true, force: true });
else console.log(`logs and ledgers are in ${directory}`);
process.exitCode = violations.length === 0 ? 0 : 1;
