import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

export interface MachineOptions {
  /** Holds kernel, initrd and root.img, which is left as it is. */
  readonly base: string;
  readonly productImage: string;
  /** For sockets and the console's log. */
  readonly directory: string;
  /** A port of this host that leads to 7421 of the guest. */
  readonly port: number;
  /** `tcg` emulates and runs everywhere; `kvm` where the processor really virtualises. */
  readonly accelerator: string;
}

export interface GuestRun {
  readonly code: number;
  readonly output: string;
}

/** A virtual machine of two packages with two cores and a NUMA node each, that does what it is told. */
export class Machine {
  readonly #qemu: ChildProcess;
  readonly #directory: string;
  readonly #waiting = new Map<number, (run: GuestRun) => void>();
  #serial: Socket | null = null;
  #ready: () => void = () => undefined;
  #count = 0;

  private constructor(qemu: ChildProcess, directory: string) {
    this.#qemu = qemu;
    this.#directory = directory;
  }

  /** Resolves once the guest takes commands. */
  static async boot(options: MachineOptions, withinMs: number): Promise<Machine> {
    const serial = join(options.directory, "serial");
    const qemu = spawn("qemu-system-x86_64", qemuArguments(options, serial), {
      stdio: ["ignore", "inherit", "inherit"],
    });
    const machine = new Machine(qemu, options.directory);
    const ready = new Promise<void>((resolve) => {
      machine.#ready = resolve;
    });
    await sleep(1_000);
    const socket = connect(serial);
    await once(socket, "connect");
    machine.#serial = socket;
    createInterface({ input: socket }).on("line", (line) => machine.#hear(line));
    await within(ready, withinMs, "the machine has not booted");
    return machine;
  }

  /** Runs a script of the guest's root to its end. */
  async run(script: string, withinMs = 300_000): Promise<GuestRun> {
    this.#count += 1;
    const number = this.#count;
    const answer = new Promise<GuestRun>((resolve) => this.#waiting.set(number, resolve));
    this.#serial?.write(`${number} ${Buffer.from(script).toString("base64")}\n`);
    return await within(answer, withinMs, `no end of: ${script}`);
  }

  /** What it printed last. */
  async console(): Promise<string> {
    return (await readFile(join(this.#directory, "console.log"), "utf8")).slice(-3_000);
  }

  async stop(): Promise<void> {
    this.#serial?.destroy();
    if (this.#qemu.exitCode !== null || this.#qemu.signalCode !== null) return;
    this.#qemu.kill("SIGKILL");
    await once(this.#qemu, "exit");
  }

  #hear(line: string): void {
    if (line.trim() === "ready") return this.#ready();
    const [number, code, output = ""] = line.split(" ");
    this.#waiting.get(Number(number))?.({
      code: Number(code),
      output: Buffer.from(output, "base64").toString(),
    });
    this.#waiting.delete(Number(number));
  }
}

/**
 * What makes an emulated kernel lighter, and takes nothing away that is looked at: without the defences against
 * speculation, of which there is none, a system call does not empty the emulated TLB; and a time stamp counter that is
 * taken as it is spares a device's register at every look at the clock.
 */
const lighter = ["mitigations=off", "tsc=reliable", "audit=0"] as const;

function qemuArguments(
  { base, productImage, directory, port, accelerator }: MachineOptions,
  serial: string,
): string[] {
  const text = `
    -accel ${accelerator === "tcg" ? "tcg,thread=multi" : accelerator}
    -cpu ${accelerator === "tcg" ? "Nehalem" : "host"}
    -m 3072 -smp 4,sockets=2,cores=2,threads=1
    -object memory-backend-ram,id=near,size=1536M -object memory-backend-ram,id=far,size=1536M
    -numa node,nodeid=0,memdev=near,cpus=0-1 -numa node,nodeid=1,memdev=far,cpus=2-3
    -nodefaults -display none -no-reboot -device virtio-rng-pci
    -serial file:${join(directory, "console.log")} -serial unix:${serial},server=on,wait=off
    -nic user,model=virtio-net-pci,hostfwd=tcp:127.0.0.1:${port}-:7421
    -kernel ${join(base, "kernel")} -initrd ${join(base, "initrd")}
    -drive file=${join(base, "root.img")},format=raw,if=virtio,snapshot=on
    -drive file=${productImage},format=raw,if=virtio,readonly=on`;
  const append = [
    "-append",
    ["root=/dev/vda rw console=ttyS0 quiet panic=-1", ...lighter].join(" "),
  ];
  return [...text.trim().split(/\s+/), ...append];
}

async function within<Value>(work: Promise<Value>, ms: number, what: string): Promise<Value> {
  const timer = new AbortController();
  const late = sleep(ms, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`${what}, within ${ms / 1_000} s`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
    late.catch(() => undefined);
  }
}
