import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** One block of calls: their median, and the CPU time of the process for each. */
export interface Timing {
  readonly medianNs: number;
  readonly cpuNsPerCall: number;
}

/** A script that times a model by hand under taskset, one block of calls each time that it is asked. */
export class PlainScript {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor(pu: number, argv: readonly string[], environment: Readonly<Record<string, string>>) {
    // In a session of its own, as the fleet's runners are: Linux shares a busy PU between sessions.
    const bound = ["--wait", "taskset", "-c", `${pu}`, ...argv];
    this.#child = spawn("setsid", bound, { env: environment, stdio: "pipe" });
    this.#child.stderr.resume();
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async block(seconds: number): Promise<Timing> {
    this.#child.stdin.write(`${seconds}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error("the script ended");
    return JSON.parse(value) as Timing;
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.stdin.end();
    await ended;
  }
}
