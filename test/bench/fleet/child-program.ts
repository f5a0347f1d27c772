import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { type ProcessCost, readCost } from "./process-cost.ts";

type Line = Readonly<Record<string, unknown>>;

/** A program of the bench, which says what happens as JSON lines. */
export interface Child {
  readonly child: ChildProcess;
  readonly lines: readonly Line[];
  /** The last that it said under a key; undefined for nothing yet. */
  latest(key: string): unknown;
  /** The first line that has the key. @throws Error where the program ends before. */
  said(key: string): Promise<Line>;
  ended(): Promise<void>;
}

export function startChild(words: readonly string[]): Child {
  const child = spawn(process.execPath, words, { stdio: ["pipe", "pipe", "inherit"] });
  const lines: Line[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on("line", (line) => lines.push(JSON.parse(line) as Line));
  const closed = once(child, "close");
  return {
    child,
    lines,
    latest: (key) => lines.findLast((line) => key in line)?.[key],
    async said(key) {
      for (;;) {
        const found = lines.find((line) => key in line);
        if (found !== undefined) return found;
        await Promise.race([
          once(reader, "line"),
          closed.then(() => {
            throw new Error(`${words.join(" ")} ended before it said ${key}`);
          }),
        ]);
      }
    },
    async ended() {
      await closed;
    },
  };
}

export async function cost({ pid }: ChildProcess): Promise<ProcessCost> {
  if (pid === undefined) throw new Error("the program did not start");
  return await readCost(pid);
}
