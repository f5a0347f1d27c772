import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { prettifyError } from "zod";
import type { FailureReason } from "../../shared/domain/failure-reason.ts";
import {
  type AgentMessage,
  contractLimits,
  type RunnerMessage,
  runnerMessage,
} from "./contract.ts";
import { LaunchCancelled, LaunchFault } from "./launch-fault.ts";
import { makeLineReader, makeTail } from "./line-reader.ts";
import type { Stamp } from "./stamp.ts";

const limits = {
  /** Characters of stderr that go into a failure's evidence. */
  stderrTail: 4_096,
  /** Characters of its beginning, where runtimes show their settings when they are loaded. */
  stderrHead: 65_536,
  /** Characters of a bad line that are shown. */
  shownLine: 200,
  /** Lines that wait to be read; the contract has at most three on the way. */
  queuedLines: 64,
} as const;

export interface InstanceExit {
  readonly code: number | null;
  readonly signal: string | null;
}

interface Line {
  readonly text: string;
  /** When its end came. */
  readonly heard: Stamp;
}

/**
 * One running process of a runner: its messages in order, the first thing that went wrong with it, and
 * the end of its stderr. A line is looked into when it is asked for, and no sooner: while other instances are
 * measured the agent has to be still.
 */
export class RunnerInstance {
  readonly index: number;
  readonly exited: Promise<InstanceExit>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #stamp: () => Stamp;
  readonly #lines: Line[] = [];
  #chunkHeard: Stamp;
  #lastHeard: Stamp;
  readonly #stderr = makeTail(limits.stderrTail);
  #stderrHead = "";
  #fault: LaunchFault | undefined;
  #exit: InstanceExit | undefined;
  #wake: () => void = () => undefined;

  constructor(child: ChildProcessWithoutNullStreams, index: number, stamp: () => Stamp) {
    this.index = index;
    this.#child = child;
    this.#stamp = stamp;
    this.#chunkHeard = this.#lastHeard = stamp();
    const reader = makeLineReader(
      contractLimits.lineBytes,
      (line) => this.#readLine(line),
      () => this.#fail("garbage-output", `a line passes ${contractLimits.lineBytes} bytes`),
    );
    child.stdout.on("data", (chunk: Buffer) => {
      this.#chunkHeard = this.#stamp();
      reader(chunk);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr.push(text);
      if (this.#stderrHead.length < limits.stderrHead) this.#stderrHead += text;
    });
    // A runner that is gone shows by its exit; what was on the way to it is lost with it.
    child.stdin.on("error", () => undefined);
    this.exited = new Promise((resolve) => {
      const end = (exit: InstanceExit): void => {
        this.#exit ??= exit;
        this.#wake();
        resolve(this.#exit);
      };
      child.on("error", (error) => {
        this.#fail("start-failed", error.message);
        // A program that never started does not close either.
        if (child.pid === undefined) end({ code: null, signal: null });
      });
      child.on("close", (code, signal) => end({ code, signal }));
    });
  }

  /** 0 where the program could not be started. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get exit(): InstanceExit | undefined {
    return this.#exit;
  }

  /** As far as it has been read, and a little more than {@link limits} at most. */
  get stderrHead(): string {
    return this.#stderrHead;
  }

  get stderrTail(): string {
    return this.#stderr.read();
  }

  /** When the message that {@link next} gave last had come in, before anything was done with it. */
  get lastHeard(): Stamp {
    return this.#lastHeard;
  }

  send(message: AgentMessage): void {
    if (this.#child.stdin.writable) this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  closeInput(): void {
    this.#child.stdin.end();
  }

  /**
   * The next message.
   * @throws LaunchFault on anything else that comes first: an exit, garbage, the end of `timeoutMs`;
   *   LaunchCancelled when the signal aborts.
   */
  async next(timeoutMs: number, signal: AbortSignal): Promise<RunnerMessage> {
    let timedOut = false;
    const wake = (): void => this.#wake();
    const timer = setTimeout(() => {
      timedOut = true;
      wake();
    }, timeoutMs);
    signal.addEventListener("abort", wake);
    try {
      for (;;) {
        if (signal.aborted) throw new LaunchCancelled();
        const line = this.#lines.shift();
        if (line !== undefined) return this.#read(line);
        if (this.#fault !== undefined) throw this.#fault;
        if (this.#exit !== undefined) throw toFault(this.#exit, this.index);
        if (timedOut) {
          const waited = `${(timeoutMs / 1_000).toFixed(1)} s`;
          throw new LaunchFault("timeout", `no message within ${waited}`, this.index);
        }
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", wake);
    }
  }

  #readLine(text: string): void {
    if (text.trim() === "") return;
    if (this.#lines.length >= limits.queuedLines) {
      return this.#fail("protocol", `more than ${limits.queuedLines} messages unasked for`);
    }
    this.#lines.push({ text, heard: this.#chunkHeard });
    this.#wake();
  }

  /** @throws LaunchFault where the line is no message; what came after it means nothing then. */
  #read({ text, heard }: Line): RunnerMessage {
    const found = parseMessage(text, this.index);
    if (!(found instanceof LaunchFault)) {
      this.#lastHeard = heard;
      return found;
    }
    this.#lines.length = 0;
    this.#fault ??= found;
    throw this.#fault;
  }

  #fail(reason: FailureReason, message: string): void {
    this.#fault ??= new LaunchFault(reason, message, this.index);
    this.#wake();
  }
}

function toFault({ code, signal }: InstanceExit, index: number): LaunchFault {
  return signal === null
    ? new LaunchFault("crashed", `the runner ended with exit code ${code}`, index)
    : new LaunchFault("killed", `the runner was ended by ${signal}`, index);
}

function parseMessage(text: string, index: number): RunnerMessage | LaunchFault {
  const shown = JSON.stringify(text.slice(0, limits.shownLine));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    const found = `stdout has a line that is no JSON: ${shown}`;
    return new LaunchFault("garbage-output", found, index);
  }
  const parsed = runnerMessage.safeParse(json);
  if (parsed.success) return parsed.data;
  const problem = prettifyError(parsed.error).slice(0, 1_000);
  return new LaunchFault(
    "protocol",
    `a message breaks the contract: ${problem}, in ${shown}`,
    index,
  );
}
