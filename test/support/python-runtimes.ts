import { execFile } from "node:child_process";
import { access } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { defaultRuntimesDirectory } from "../../agent/config.ts";
import { findRuntime, type Runtime, runtimes } from "../../agent/runners/runtimes/known.ts";
import { pythonFlags, runtimePlaces } from "../../agent/runners/runtimes/places.ts";

export const runtimesDirectory = defaultRuntimesDirectory();

const isThere = async (runtime: Runtime): Promise<boolean> =>
  await access(runtimePlaces(runtimesDirectory, runtime).marker).then(
    () => true,
    () => false,
  );

/** Names of the Python runtimes that this machine has. */
export const installedRuntimes: readonly string[] = (
  await Promise.all(
    runtimes.map(async (runtime) => ((await isThere(runtime)) ? [runtime.name] : [])),
  )
).flat();

/** Where a test says that it skipped: setup installs these for everybody who may have a network. */
export function sayMissing(name: string): void {
  if (!installedRuntimes.includes(name)) {
    process.stderr.write(`skipped: no runtime ${name}; npx fleetsweep runtimes install ${name}\n`);
  }
}

interface Start {
  readonly threads: number;
  readonly mode: string;
  readonly dtype: string;
  readonly model: { readonly kind: "built-in"; readonly name: string };
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly seed: number;
  readonly shape: readonly [batch: number, sequence: number];
}

export interface Dumped {
  /** SHA-256 over the names and the bytes of the weights of bert-tiny with seed 7. */
  readonly weights: string;
  readonly outputs: readonly Float32Array[];
}

const limits = {
  /** A framework is imported within this, on whatever host: some are a gigabyte to be read from a busy disk. */
  importMs: 300_000,
  /** A start with its calls takes less than so many imports; torch.compile, which runs a compiler, some ten. */
  importsOfStart: 20,
  leastMs: 60_000,
} as const;

/**
 * What a runner in a runtime computes for some start messages, on padded inputs. How long it may take follows from how
 * long this host takes at this moment to import the framework.
 */
export async function dumpOutputs(name: string, starts: readonly Start[]): Promise<Dumped> {
  const before = performance.now();
  await dumpWithin(name, [], limits.importMs);
  const importMs = performance.now() - before;
  const startsMs = limits.importsOfStart * importMs * starts.length;
  return await dumpWithin(name, starts, Math.max(limits.leastMs, importMs + startsMs));
}

async function dumpWithin(
  name: string,
  starts: readonly Start[],
  timeout: number,
): Promise<Dumped> {
  const runtime = findRuntime(name);
  if (runtime === undefined) throw new Error(`no runtime ${name}`);
  const { python } = runtimePlaces(runtimesDirectory, runtime);
  const program = fileURLToPath(new URL("../fixtures/runners/dump_output.py", import.meta.url));
  const framework = fileURLToPath(
    new URL(`../../agent/runners/${runtime.framework}`, import.meta.url),
  );
  const stdout = await new Promise<string>((resolve, reject) => {
    const child = execFile(
      python,
      [...pythonFlags, program, framework, ...runtime.flags],
      {
        env: { PATH: "/usr/bin:/bin", OMP_NUM_THREADS: "1" },
        maxBuffer: 256 * 1024 * 1024,
        timeout: Math.ceil(timeout),
        killSignal: "SIGKILL",
      },
      (error, out, said) => {
        if (error === null) return resolve(out);
        const why = error.killed ? `it was given ${(timeout / 1_000).toFixed(0)} s` : error.message;
        reject(new Error(`${name}: ${why.slice(0, 200)}\n${said.slice(-4_000)}`));
      },
    );
    child.stdin?.end(JSON.stringify(starts));
  });
  const { weights, outputs } = JSON.parse(stdout) as { weights: string; outputs: string[] };
  return { weights, outputs: outputs.map(toFloats) };
}

function toFloats(base64: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(base64, "base64"));
  return new Float32Array(bytes.buffer);
}
