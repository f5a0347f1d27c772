import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { constants, setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import type { BenchTune } from "./bench-tables.ts";
import type { SimulatedTune } from "./simulate.ts";

const workerPath = fileURLToPath(new URL("bench-worker.ts", import.meta.url));

/** Runs the tunes in `processes` child processes of low priority; results in the order of the tunes. */
export async function runTunes(
  strategy: string,
  tunes: readonly BenchTune[],
  processes: number,
): Promise<SimulatedTune[]> {
  const results: SimulatedTune[] = [];
  const queue = tunes.map((tune, place) => ({ tune, place }));
  const work = async (): Promise<void> => {
    const worker = fork(workerPath, { execArgv: ["--import", "tsx"] });
    if (worker.pid !== undefined) setPriority(worker.pid, constants.priority.PRIORITY_LOW);
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      results[next.place] = await ask(worker, { strategy, tune: next.tune });
    }
    worker.disconnect();
  };
  await Promise.all(Array.from({ length: processes }, work));
  return results;
}

async function ask(worker: ChildProcess, request: object): Promise<SimulatedTune> {
  const ended = new AbortController();
  const exited = once(worker, "exit", { signal: ended.signal }).then(() => {
    throw new Error("a worker of the benchmark ended early");
  });
  const answered = once(worker, "message", { signal: ended.signal });
  worker.send(request);
  try {
    const [answer] = await Promise.race([answered, exited]);
    return answer as SimulatedTune;
  } finally {
    exited.catch(() => undefined);
    answered.catch(() => undefined);
    ended.abort();
  }
}
