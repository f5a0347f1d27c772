import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { busLimits } from "../../shared/bus/bus-limits.ts";
import { startNatsServer } from "../../shared/runtime/nats-server.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { cliProgram, fleetsweep } from "./fleet.ts";

const agentProgram = fileURLToPath(new URL("../../dist/agent/main.js", import.meta.url));

/** A program that says in one line of JSON that it is ready. */
export interface Program {
  readonly child: ChildProcess;
  readonly ready: Record<string, string>;
  readonly log: () => string;
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Coordinators, agents and a nats-server of one test, started as their units would; each has its own state. */
export class Programs {
  readonly #directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
  readonly #closers: (() => Promise<void> | void)[] = [];

  constructor(directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>) {
    this.#directory = directory;
  }

  place(name: string): string {
    return join(this.#directory.path, name);
  }

  /** `listen`: where it was before, for one that is started again. */
  startCoordinator(name: string, nats: string, listen = "127.0.0.1:0"): Promise<Program> {
    const flags = ["--listen", listen, "--nats", nats, "--state", this.place(name)];
    return this.#start([cliProgram, "coordinator", ...flags]);
  }

  /** Of a machine of its own: it waits for no other agent's launch. */
  async startAgent(hostId: string, coordinators: string, nats: string): Promise<Program> {
    const config = this.place(`${hostId}.yaml`);
    await writeFile(config, `host_id: ${hostId}\n`);
    const flags = ["--coordinator", coordinators, "--nats", nats, "--state", this.place(hostId)];
    const metrics = ["--metrics", `unix:${this.place(`${hostId}.sock`)}`, "--config", config];
    const lock = ["--launch-lock", this.place(`${hostId}.lock`)];
    return await this.#start([agentProgram, "agent", ...flags, ...metrics, ...lock]);
  }

  async startNats(port?: number) {
    const server = await startNatsServer({
      directory: this.place("nats"),
      maxPayloadBytes: busLimits.maxPayloadBytes,
      ...(port === undefined ? {} : { port }),
    });
    this.#closers.push(() => server.stop());
    return server;
  }

  /** What a verb prints; it must succeed. */
  async cli(coordinators: string, ...words: string[]): Promise<string> {
    const where = ["--coordinator", coordinators];
    const { code, stdout, stderr } = await fleetsweep(this.place("none"), ...words, ...where);
    if (code !== 0) throw new Error(`${words.join(" ")} ended with ${code}: ${stderr}`);
    return stdout;
  }

  async stop(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
    await this.#directory.remove();
  }

  async #start(words: readonly string[]): Promise<Program> {
    const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "pipe"] });
    let log = "";
    child.stderr.on("data", (text: Buffer) => {
      log += text.toString();
    });
    const ended = once(child, "exit");
    const end = async (signal: NodeJS.Signals): Promise<void> => {
      child.kill(signal);
      await ended;
    };
    this.#closers.push(() => end("SIGKILL"));
    const [line] = (await Promise.race([
      once(child.stdout, "data"),
      ended.then(() => {
        throw new Error(`${words.join(" ")} ended: ${log}`);
      }),
    ])) as [Buffer];
    const ready = JSON.parse(line.toString()) as Record<string, string>;
    return { child, ready, log: () => log, end };
  }
}

export async function makePrograms(): Promise<Programs> {
  return new Programs(await makeTemporaryDirectory());
}
