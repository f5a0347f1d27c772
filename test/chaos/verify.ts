import { readFile } from "node:fs/promises";
import { AckPolicy, connect, DeliverPolicy } from "nats";
import { Oracle } from "../simulation/oracle.ts";
import { parseRaw } from "../simulation/raw-log.ts";

export interface Verified {
  readonly oracle: Oracle;
  readonly entries: number;
  readonly receipts: number;
  readonly orphans: number;
  readonly violations: readonly string[];
}

export interface HostLedger {
  readonly hostId: string;
  readonly ledger: string;
}

/** Everything that stands in the log, raw, read without the programs' own code. */
export async function readRawLog(natsUrl: string): Promise<Oracle> {
  const connection = await connect({ servers: natsUrl });
  try {
    const manager = await connection.jetstreamManager();
    const { state } = await manager.streams.info("FLEETSWEEP");
    const oracle = new Oracle();
    if (state.messages === 0) return oracle;
    const { name } = await manager.consumers.add("FLEETSWEEP", {
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.All,
      mem_storage: true,
    });
    const consumer = await connection.jetstream().consumers.get("FLEETSWEEP", name);
    const messages = await consumer.consume();
    for await (const message of messages) {
      oracle.read(parseRaw(message.subject, message.string()));
      if (message.seq >= state.last_seq) break;
    }
    return oracle;
  } finally {
    await connection.close();
  }
}

/** Holds the log against what the hosts' own ledgers say was measured. */
export async function verify(natsUrl: string, hosts: readonly HostLedger[]): Promise<Verified> {
  const oracle = await readRawLog(natsUrl);
  const violations: string[] = [];
  const receipts = await readLedgers(hosts, violations);
  const seen = new Set<string>();
  const used = new Set<string>();
  for (const { sweep, host, cell, launch, medianNs } of oracle.counted) {
    const key = `${sweep} ${host} ${cell} ${launch}`;
    if (seen.has(key)) violations.push(`counted twice: ${key}`);
    seen.add(key);
    if (medianNs === null) continue;
    const receipt = `${host} ${medianNs}`;
    if (!receipts.has(receipt)) violations.push(`counted, but never measured: ${key} ${medianNs}`);
    if (used.has(receipt)) violations.push(`one launch counts for two: ${key} ${medianNs}`);
    used.add(receipt);
  }
  for (const [sweepId, { phase, shards }] of oracle.sweeps) {
    if (phase === "open") violations.push(`sweep ${sweepId} has not ended`);
    if (phase !== "sealed") continue;
    for (const [shardId, { cells, terminal }] of shards) {
      const missing = [...cells.keys()].filter((cell) => !terminal.has(cell));
      if (missing.length > 0)
        violations.push(`${sweepId} ${shardId} is sealed without ${missing.join(", ")}`);
    }
  }
  const orphans = oracle.results - oracle.counted.length;
  const entries = oracle.effective.length - 1;
  return { oracle, entries, receipts: receipts.size, orphans, violations };
}

/** `host duration` of every measurement; launches that overlapped are violations. */
async function readLedgers(
  hosts: readonly HostLedger[],
  violations: string[],
): Promise<ReadonlySet<string>> {
  const receipts = new Set<string>();
  for (const { hostId, ledger } of hosts) {
    const text = await readFile(ledger, "utf8").catch(() => "");
    for (const line of text.split("\n").filter((one) => one !== "")) {
      const receipt = JSON.parse(line) as { measured?: number; overlap?: readonly number[] };
      if (receipt.measured !== undefined) receipts.add(`${hostId} ${receipt.measured}`);
      if (receipt.overlap !== undefined) {
        violations.push(
          `two launches at once on ${hostId}: processes ${receipt.overlap.join(", ")}`,
        );
      }
    }
  }
  return receipts;
}
