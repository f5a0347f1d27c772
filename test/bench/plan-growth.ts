import { readFileSync } from "node:fs";
import { fileOf, outlineOf, planSizes } from "./plan-workload.ts";

/**
 * Prints CPU time and live heap of a plan by its size, every cell made with its id, a shard at a
 * time. CPU time, because wall time on a shared machine measures the neighbours. Run it with
 * `--expose-gc`, or garbage counts as growth.
 */
const megabyte = 1024 * 1024;
const rounds = 5;
const collect = (globalThis as { gc?: () => void }).gc;

function measure(label: string, text: string): void {
  const seconds: number[] = [];
  let cells = 0;
  let peak = 0;
  for (let round = 0; round < rounds; round += 1) {
    collect?.();
    const heap = process.memoryUsage().heapUsed;
    const start = process.cpuUsage();
    cells = 0;
    for (const host of outlineOf(text).hosts) {
      for (const shard of host.shards()) cells += shard.cells.length;
      const { user, system } = process.cpuUsage(start);
      seconds.push((user + system) / 1e6);
      collect?.();
      peak = Math.max(peak, process.memoryUsage().heapUsed - heap);
    }
  }
  seconds.sort((a, b) => a - b);
  const [least, most] = [seconds[0] ?? 0, seconds.at(-1) ?? 0];
  const middle = seconds[Math.floor(seconds.length / 2)] ?? 0;
  const time = `${middle.toFixed(2)} s (${least.toFixed(2)} to ${most.toFixed(2)})`;
  const each = ((middle / cells) * 1e6).toFixed(1);
  const live = (peak / megabyte).toFixed(1);
  process.stdout.write(`${label}: ${cells} cells, ${time}, ${each} us a cell, ${live} MiB live\n`);
}

for (const size of planSizes) measure(String(size), fileOf(size));
measure("published product", readFileSync("presets/seed-full.yaml", "utf8"));
