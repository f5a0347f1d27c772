import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import type { TestProject } from "vitest/node";

/** The system tests start the programs as users do: built, from these sources. */
export function setup({ config }: TestProject): () => void {
  execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
  const launchLock = config.env["FLEETSWEEP_LAUNCH_LOCK"];
  // Of this run alone; on a host it stays, for an agent that takes it must find the same file.
  return () => {
    if (launchLock !== undefined) rmSync(launchLock, { force: true });
  };
}
