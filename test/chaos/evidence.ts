import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { AckPolicy, connect, DeliverPolicy } from "nats";
import { parseRaw, type RawEntry } from "../simulation/raw-log.ts";
import type { ChaosFleet } from "./chaos-fleet.ts";
import type { Evidence, HostLedger, Receipt, StoredRow } from "./judge.ts";

const cli = fileURLToPath(new URL("../../dist/coordinator/main.js", import.meta.url));
const run = promisify(execFile);

/** More than a run ever counts. */
const maxRows = 1_000_000;

/** Everything that stands in the log, raw, read without the programs' own code. */
async function readRawLog(servers: readonly string[]): Promise<readonly RawEntry[]> {
  const connection = await connect({ servers: [...servers] });
  try {
    const manager = await connection.jetstreamManager();
    const { state } = await manager.streams.info("FLEETSWEEP");
    const entries: RawEntry[] = [];
    if (state.messages === 0) return entries;
    const { name } = await manager.consumers.add("FLEETSWEEP", {
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.All,
      mem_storage: true,
    });
    const consumer = await connection.jetstream().consumers.get("FLEETSWEEP", name);
    const messages = await consumer.consume();
    for await (const message of messages) {
      entries.push(parseRaw(message.subject, message.string()));
      if (message.seq >= state.last_seq) break;
    }
    return entries;
  } finally {
    await connection.close();
  }
}

async function readLedger(file: string): Promise<readonly Receipt[]> {
  // No runner of the host has begun.
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as Receipt);
}

/** What the log and the hosts' own ledgers say at this moment. */
export async function readEvidence(fleet: ChaosFleet): Promise<Evidence> {
  const byFile = new Map<string, { hostIds: string[]; starts: number }>();
  for (const { hostId, ledger, agent } of fleet.hosts) {
    const { hostIds = [], starts = 0 } = byFile.get(ledger) ?? {};
    byFile.set(ledger, { hostIds: [...hostIds, hostId], starts: starts + agent.starts });
  }
  const ledgers: HostLedger[] = [];
  for (const [file, { hostIds, starts }] of byFile) {
    const deaths = starts - hostIds.length;
    ledgers.push({ hostIds, deaths, receipts: await readLedger(file) });
  }
  const entries = await readRawLog(fleet.bus.urls);
  return { entries, ledgers, acknowledged: [...fleet.acknowledged], stored: new Map() };
}

/** The same with what each coordinator says that it counts: its own projection, asked as operators do. */
export async function withProjections(evidence: Evidence, fleet: ChaosFleet): Promise<Evidence> {
  const columns = "attempt_id, sweep_id, host_id, cell_id, launch, median_ns";
  const statement = `SELECT ${columns} FROM results WHERE counted`;
  const stored = new Map<string, readonly StoredRow[]>();
  for (const port of fleet.coordinatorPorts) {
    const where = ["--coordinator", `127.0.0.1:${port}`];
    const words = ["sql", statement, "--limit", `${maxRows}`, "-o", "json", ...where];
    const limits = { timeout: 60_000, maxBuffer: 256 * 1024 ** 2 };
    const { stdout } = await run(process.execPath, [cli, ...words], limits);
    stored.set(`coordinator at ${port}`, JSON.parse(stdout) as StoredRow[]);
  }
  return { ...evidence, stored };
}
