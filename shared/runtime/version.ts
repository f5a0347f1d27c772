import { existsSync, readFileSync } from "node:fs";

let cached: string | undefined;

/** The version in package.json, which stands one folder higher above the built files than above the sources. */
export function packageVersion(): string {
  cached ??= readVersion();
  return cached;
}

function readVersion(): string {
  const above = ["../../package.json", "../../../package.json"];
  const found = above.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url));
  if (found === undefined) throw new Error("no package.json above the program");
  const { version } = JSON.parse(readFileSync(found, "utf8")) as { version: string };
  return version;
}
