import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { type AgentMessage, agentMessage } from "../../runner/contract.ts";

/** The agent's messages in order; the end of stdin means that the agent is gone. */
export interface Inbox {
  /** The next message; null once stdin has ended. Rejects on a line that is no message. */
  next(): Promise<AgentMessage | null>;
  /** Whether the agent has asked the running cell to finish. */
  isFinishing(): boolean;
}

/** Reads stdin; `onEnd` is called as soon as it closes, also in the middle of a cell. */
export function openInbox(input: Readable, onEnd: () => void): Inbox {
  const queue: AgentMessage[] = [];
  let ended = false;
  let failure: Error | undefined;
  let wake: () => void = () => undefined;
  const lines = createInterface({ input });
  lines.on("line", (line) => {
    try {
      queue.push(agentMessage.parse(JSON.parse(line)));
    } catch (error) {
      failure = new Error(`not a message of the contract: ${line.slice(0, 200)}`, { cause: error });
    }
    wake();
  });
  lines.on("close", () => {
    ended = true;
    wake();
    onEnd();
  });
  return {
    async next() {
      while (queue.length === 0 && !ended && failure === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (failure !== undefined) throw failure;
      return queue.shift() ?? null;
    },
    isFinishing: () => queue[0]?.type === "finish",
  };
}
