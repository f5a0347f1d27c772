import { execFile, execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));
const cli = join(root, "dist/coordinator/main.js");
const guestBus = "/var/lib/fleetsweep/nats";
/** A sweep on the emulated host that takes longer does not end. */
const longestRunMs = 1_200_000;

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built CLI on this host, which is faster than the emulated one. */
export async function fleetsweep(...words: readonly string[]): Promise<CliRun> {
  const env = { ...process.env, NO_COLOR: "1" };
  const options = { env, maxBuffer: 1 << 26, timeout: longestRunMs };
  return await promisify(execFile)(process.execPath, [cli, ...words], options).then(
    (done) => ({ code: 0, ...done }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

/** The authority, the bus's configuration and a join token of a fleet whose only machine is the guest. */
export async function makeFleet(state: string): Promise<void> {
  const coordinator = join(state, "coordinator");
  const bus = join(state, "nats");
  const words = ["--out", bus, "--coordinator", "vm-host"];
  for (const step of [
    ["ca", "init"],
    ["nats-config", ...words],
    ["token", "create", "--host", "vm-host", "--out", join(state, "join.token")],
  ]) {
    const { code, stderr } = await fleetsweep(...step, "--state", coordinator);
    if (code !== 0) throw new Error(`${step.join(" ")}: ${stderr}`);
  }
  const file = join(bus, "nats-server.conf");
  await writeFile(file, (await readFile(file, "utf8")).replaceAll(bus, guestBus));
}

export interface LaunchSeen {
  readonly placement: string;
  readonly policy: string;
  readonly outcome: string;
  readonly verdict: string;
  readonly bindingTool: string;
  readonly scope: string;
  readonly detail: string;
}

/** An operator of the guest's fleet. */
export class Operator {
  readonly #reach: readonly string[];

  constructor(port: number, credentials: string) {
    this.#reach = ["--coordinator", `127.0.0.1:${port}`, "--credentials", credentials];
  }

  async sees(hostId: string): Promise<boolean> {
    const { stdout } = await fleetsweep("hosts", ...this.#reach);
    return stdout.includes(hostId);
  }

  async sweep(file: string): Promise<CliRun> {
    return await fleetsweep("run", join(root, "test/systemd-vm", file), ...this.#reach);
  }

  /** How the launches of the newest sweep were bound. */
  async launches(): Promise<readonly LaunchSeen[]> {
    const sweeps = await this.#read<{ sweep_id: string }>("sweeps", "-o", "json");
    const id = sweeps.at(-1)?.sweep_id ?? "";
    const table = (name: string) =>
      this.#read<Record<string, string>>("export", id, "--table", name, "--format", "json");
    const [launches, environments] = [await table("launches"), await table("environments")];
    return launches.map((row) => {
      const environment = environments.find(
        ({ cell_id, launch }) => cell_id === row["cell_id"] && launch === row["launch"],
      );
      const cell = JSON.parse(row["cell_json"] ?? "{}") as Record<string, string>;
      const readback = JSON.parse(environment?.["readback_json"] ?? "{}") as Record<string, string>;
      return {
        placement: `${cell["placement"]}`,
        policy: `${cell["memory_policy"]}`,
        outcome: `${row["outcome"]}`,
        verdict: `${row["verdict"]}`,
        bindingTool: `${environment?.["binding_tool"]}`,
        scope: `${readback["launch_scope"]}`,
        detail: `${row["failure_message"] ?? ""} ${row["reasons_json"] ?? ""}`,
      };
    });
  }

  async #read<Row>(...words: readonly string[]): Promise<readonly Row[]> {
    const { code, stdout, stderr } = await fleetsweep(...words, ...this.#reach);
    if (code !== 0) throw new Error(`${words.join(" ")}: ${stderr}`);
    return JSON.parse(stdout) as readonly Row[];
  }
}

/** What is missing to run the machine here, or null. */
export function whyNot(uid: number): string | null {
  for (const program of ["mmdebstrap", "mke2fs", "qemu-system-x86_64"]) {
    try {
      execFileSync("which", [program], { stdio: "ignore" });
    } catch {
      return `${program} is not installed`;
    }
  }
  return uid === 0 ? null : "only root can make the image";
}
