import { execFileSync } from "node:child_process";

/** The system tests start the programs as users do: built, from these sources. */
export function setup(): void {
  execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
}
