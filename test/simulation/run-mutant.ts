import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Mutant } from "./mutants.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const copied = ["agent", "coordinator", "shared", "proto", "test/simulation", "package.json"];

/** How a mutant ended. */
export type Verdict =
  | { readonly killedBy: number; readonly because: string }
  | { readonly survived: string };

/** A copy of the sources, of which mutants can be made one after the other. The caller removes it. */
export async function copySources(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "fleetsweep-mutant-"));
  await mkdir(join(directory, "test"));
  for (const name of copied) await cp(join(root, name), join(directory, name), { recursive: true });
  await symlink(join(root, "node_modules"), join(directory, "node_modules"));
  return directory;
}

/**
 * Runs simulated fleets of programs with one fault in their source, until an invariant breaks. The fault is
 * in the copy for that long; what runs is otherwise what is tested.
 */
export async function runMutant(
  directory: string,
  mutant: Mutant,
  seeds: number,
): Promise<Verdict> {
  const file = join(directory, mutant.file);
  const source = await readFile(file, "utf8");
  try {
    await writeFile(file, change(source, mutant));
    // The known seed first, then the others.
    const first = await simulate(directory, mutant.seed, 1);
    if ("killedBy" in first) return first;
    return await simulate(directory, 1, seeds);
  } finally {
    await writeFile(file, source);
  }
}

function change(source: string, { from, to, name, file }: Mutant): string {
  const parts = source.split(from);
  if (parts.length !== 2) {
    throw new Error(`"${name}" wants to change what stands ${parts.length - 1} times in ${file}`);
  }
  return parts.join(to);
}

/** Ends with the first seed that breaks an invariant. */
function simulate(directory: string, from: number, count: number): Promise<Verdict> {
  const script = join(directory, "test/simulation/main.ts");
  const words = ["--import", "tsx", script, "--from", `${from}`, "--seeds", `${count}`];
  return new Promise((resolve, reject) => {
    const limits = { cwd: root, timeout: 300_000, maxBuffer: 16 * 1024 ** 2 };
    execFile(process.execPath, words, limits, (error, stdout, stderr) => {
      const [, seed, because] = /^seed (\d+): (.*?); see it with/m.exec(stdout) ?? [];
      if (seed !== undefined && because !== undefined) {
        resolve({ killedBy: Number(seed), because });
      } else if (error === null) resolve({ survived: `${count} seeds from ${from}` });
      else reject(new Error(`the simulation did not run: ${stderr}`, { cause: error }));
    });
  });
}
