import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** A program that is started again whenever it ends, until it is told to stop. */
export class Program {
  readonly name: string;
  readonly #argv: readonly string[];
  readonly #logFile: string;
  #child: ChildProcess | null = null;
  #stopping = false;
  #running: Promise<void> = Promise.resolve();
  starts = 0;

  constructor(name: string, argv: readonly string[], logFile: string) {
    this.name = name;
    this.#argv = argv;
    this.#logFile = logFile;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Sends a signal to the program, as a fault would; nothing where it is between two lives. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.signal("SIGCONT");
    this.signal("SIGTERM");
    const force = setTimeout(() => this.signal("SIGKILL"), 8_000);
    await this.#running;
    clearTimeout(force);
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      this.starts += 1;
      const log = openSync(this.#logFile, "a");
      const [command = "", ...args] = this.#argv;
      this.#child = spawn(command, args, { stdio: ["ignore", log, log] });
      await once(this.#child, "close");
      this.#child = null;
      if (!this.#stopping) await wait(restartMs);
    }
  }
}

/** As long as systemd would wait between two starts, only shorter. */
const restartMs = 300;

export function start(directory: string, name: string, argv: readonly string[]): Program {
  const program = new Program(name, argv, join(directory, "logs", `${name}.log`));
  program.start();
  return program;
}
