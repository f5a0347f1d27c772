import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Paths that belong to the repository or would with the next commit; generated ones left out. */
export function listFiles(): readonly string[] {
  const git = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  if (git.status !== 0) throw new Error(`git ls-files failed: ${git.stderr}`);
  const paths = git.stdout.split("\n").filter((path) => path !== "" && !isGenerated(path));
  return paths.filter((path) => existsSync(join(root, path)));
}

function isGenerated(path: string): boolean {
  return /^(proto\/gen|schema|test\/fixtures)\//.test(path) || path === "package-lock.json";
}

export function readText(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

export function isThere(path: string): boolean {
  return existsSync(join(root, path));
}

export function isDirectory(path: string): boolean {
  return statSync(join(root, path)).isDirectory();
}

/** A file's lines that match, as `path:line: text`, so that a failure leads to the place. */
export function findLines(path: string, isFound: (line: string) => boolean): readonly string[] {
  const lines = readText(path).split("\n");
  return lines.flatMap((line, index) => (isFound(line) ? [`${path}:${index + 1}: ${line}`] : []));
}
