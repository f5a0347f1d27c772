import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  access,
  constants,
  mkdir,
  readdir,
  readFile,
  realpath,
  rmdir,
  stat,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** The questions about the host that knobs need answered; tests answer them themselves. */
export interface KnobHostProbe {
  /** Whether a program is in the path that runners get. */
  readonly hasProgram: (name: string) => Promise<boolean>;
  /** Whether a command ends with exit code 0. */
  readonly succeeds: (argv: readonly string[]) => Promise<boolean>;
  /** What a command writes to its standard output, with exactly this environment; null where it fails. */
  readonly output: (
    argv: readonly string[],
    environment: Readonly<Record<string, string>>,
  ) => Promise<string | null>;
  readonly read: (path: string) => Promise<string | null>;
  /** The names in a directory, or none. */
  readonly list: (path: string) => Promise<readonly string[]>;
  /** Whether this process may write to a file. */
  readonly canWrite: (path: string) => Promise<boolean>;
  /** Follows links, because /proc/PID/maps names the file itself. */
  readonly resolve: (path: string) => Promise<string>;
  /** The user who owns a file; null where it is absent. */
  readonly owner: (path: string) => Promise<number | null>;
  /** Writes to a file of the kernel's; false where that fails. */
  readonly write: (path: string, text: string) => Promise<boolean>;
  /** True also where it is there already. */
  readonly makeDirectory: (path: string) => Promise<boolean>;
  /** False where it cannot be removed; one that is gone already is no failure. */
  readonly removeDirectory: (path: string) => Promise<boolean>;
}

const programDirectories = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];

/** The real host. */
export const nodeKnobHostProbe: KnobHostProbe = {
  hasProgram: async (name) => {
    for (const directory of programDirectories) {
      if (await isAllowed(join(directory, name), constants.X_OK)) return true;
    }
    return false;
  },
  succeeds: async ([program = "", ...args]) => {
    const child = spawn(program, args, { stdio: "ignore", timeout: 5_000 });
    try {
      const [code] = (await once(child, "close")) as [number | null];
      return code === 0;
    } catch {
      return false;
    }
  },
  output: ([program = "", ...args], environment) =>
    promisify(execFile)(program, args, {
      env: { PATH: programDirectories.join(":"), ...environment },
      timeout: 10_000,
      maxBuffer: 65_536,
    }).then(
      ({ stdout }) => stdout,
      () => null,
    ),
  read: (path) => readFile(path, "utf8").catch(() => null),
  list: (path) => readdir(path).catch(() => []),
  canWrite: (path) => isAllowed(path, constants.W_OK),
  resolve: (path) => realpath(path),
  owner: (path) =>
    stat(path).then(
      ({ uid }) => uid,
      () => null,
    ),
  write: (path, text) => succeeds(writeFile(path, text)),
  makeDirectory: (path) => succeeds(mkdir(path, { recursive: true })),
  removeDirectory: (path) =>
    rmdir(path).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code === "ENOENT",
    ),
};

async function isAllowed(path: string, mode: number): Promise<boolean> {
  return await succeeds(access(path, mode));
}

async function succeeds(work: Promise<unknown>): Promise<boolean> {
  return await work.then(
    () => true,
    () => false,
  );
}
