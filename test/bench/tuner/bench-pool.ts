import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { constants, setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import type { BenchTune } from "./bench-tables.ts";
import type { SimulatedTune } from "./simulate.ts";

const programPath = fileURLToPath(new URL("bench-process.ts", import.meta.url));

/** Runs the tunes in `processes` child processes of lower priority; results in the order of the tunes. */
export async function runTunes(
  strategy: string,
  tunes: readonly BenchTune[],
  processes: number,
): Promise<SimulatedTune[]> {
  const results: SimulatedTune[] = [];
  const queue = tunes.map((tune, place) => ({ tune, place }));
  const work = async (): Promise<void> => {
    const child = fork(programPath, { execArgv: ["--import", "tsx"] });
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      results[next.place] = await ask(child, { strategy, tune: next.tune });
    }
    child.disconnect();
  };
  await Promise.all(Array.from({ length: processes }, work));
  return results;
}

async function ask(child: ChildProcess, request: object): Promise<SimulatedTune> {
  const ended = new AbortController();
  const exited = once(child, "exit", { signal: ended.signal }).then(() => {
    throw new Error("a process of the benchmark ended early");
  });
  const answered = once(child, "message", { signal: ended.signal });
  child.send(request);
  try {
    const [answer] = await Promise.race([answered, exited]);
    return answer as SimulatedTune;
  } finally {
    exited.catch(() => undefined);
    answered.catch(() => undefined);
    ended.abort();
  }
}
