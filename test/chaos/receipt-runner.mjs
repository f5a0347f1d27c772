// A runner for tests: it computes nothing, and writes down outside of the programs under test what it
// measured. argv: LEDGER. Its calls take a duration that no other launch has, so that a figure in the log
// can be traced to the launch that found it.

import { randomInt } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import { serve } from "../../dist/agent/runners/kit/serve.js";

const [ledger = ""] = process.argv.slice(2);
const write = (receipt) => appendFileSync(ledger, `${JSON.stringify(receipt)}\n`);

/** Runners of this host that were started before and run still: there must be none. */
function othersAlive() {
  let text = "";
  try {
    text = readFileSync(ledger, "utf8");
  } catch {
    return []; // The first launch of all.
  }
  const started = text.split("\n").filter((line) => line.includes('"started"'));
  return started
    .slice(-8)
    .map((line) => JSON.parse(line).started)
    .filter((pid) => pid !== process.pid && runsForUs(pid));
}

function runsForUs(pid) {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.[0];
    return state !== "Z" && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(ledger);
  } catch {
    return false; // It has ended.
  }
}

// Before it looks: of two that start at one time, the later sees the other.
write({ started: process.pid });
for (const other of othersAlive()) write({ overlap: [process.pid, other] });

await serve(
  {
    input: process.stdin,
    write: (line) => process.stdout.write(line),
    nowNs: () => process.hrtime.bigint(),
    exit: (code) => process.exit(code),
  },
  async (start) => {
    let now = 0n;
    return {
      versions: { receipt: "1" },
      threads: start.threads,
      readback: {},
      nowNs: () => now,
      waitUntil: async (instant) => {
        if (now < instant) now = instant;
      },
      prepare: async ({ batchSize, sequenceLength }) => {
        const callNs = 1_000_000 + randomInt(2 ** 40);
        write({ measured: callNs, cell: `${batchSize} ${sequenceLength}` });
        return {
          call: () => {
            now += BigInt(callNs);
          },
          checksum: () => "00000000",
        };
      },
    };
  },
);
