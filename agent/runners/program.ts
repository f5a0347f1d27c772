import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/**
 * The command that runs the `main` beside a module: the built JavaScript, or in a source tree the
 * TypeScript through tsx.
 */
export function siblingProgram(moduleUrl: string, nodePath: string): readonly string[] {
  const isSource = moduleUrl.endsWith(".ts");
  const main = fileURLToPath(new URL(isSource ? "./main.ts" : "./main.js", moduleUrl));
  if (!isSource) return [nodePath, main];
  return [nodePath, "--import", createRequire(moduleUrl).resolve("tsx"), main];
}
