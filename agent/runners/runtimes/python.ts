import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { findProgram } from "../../../shared/runtime/find-program.ts";
import { runProgram } from "./run-program.ts";

const limits = { versionMs: 10_000 } as const;

/**
 * A Python of one of these versions: the system's own first, because environments stop working when the
 * Python under them goes.
 * @throws FleetsweepError program.missing that says which were found.
 */
export async function findPython(
  versions: readonly string[],
  searchPath: string | undefined,
): Promise<string> {
  const names = ["python3", ...versions.map((version) => `python${version}`)];
  const found: string[] = [];
  for (const name of names) {
    for (const place of ["/usr/bin:/usr/local/bin", searchPath]) {
      const path = await findProgram(name, place);
      if (path === undefined) continue;
      const version = await readVersion(path);
      if (version !== null && versions.includes(version)) return path;
      found.push(`${path} is ${version ?? "no Python"}`);
    }
  }
  const wanted = `Python ${versions.join(", ")}`;
  const seen = found.length === 0 ? "none" : [...new Set(found)].join("; ");
  throw new FleetsweepError(
    "program.missing",
    `this runtime needs ${wanted} (apt-get install python3 python3-venv); found: ${seen}`,
  );
}

async function readVersion(path: string): Promise<string | null> {
  const code = "import sys; print('%d.%d' % sys.version_info[:2])";
  const run = await runProgram([path, "-I", "-c", code], {
    environment: { PATH: "/usr/bin:/bin" },
    timeoutMs: limits.versionMs,
    signal: new AbortController().signal,
  });
  return run.code === 0 ? run.stdout.trim() : null;
}
