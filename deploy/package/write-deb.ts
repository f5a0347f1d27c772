import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { DebianPackage } from "./packages.ts";
import { type DebianBuild, stageDebian } from "./stage-debian.ts";

const run = promisify(execFile);

/** How hard to press: `small` is for a release, `quick` for a trial (a larger file in a tenth of the time). */
export type Compression = "small" | "quick";

const compressions: Readonly<Record<Compression, readonly string[]>> = {
  // One thread: the result must not depend on the builder's number of cores.
  small: ["-Zxz", "-z6", "--threads-max=1"],
  quick: ["-Zgzip", "-z1"],
};

export interface WrittenFile {
  readonly path: string;
  readonly sizeBytes: number;
}

/** Builds `NAME_VERSION_amd64.deb` in `out`: the same bytes from the same sources, whoever builds it. */
export async function writeDeb(
  wanted: DebianPackage,
  build: Omit<DebianBuild, "root">,
  out: string,
  compression: Compression,
): Promise<WrittenFile> {
  const scratch = await mkdtemp(join(tmpdir(), "fleetsweep-deb-"));
  try {
    const root = join(scratch, "root");
    await mkdir(root);
    await stageDebian(wanted, { ...build, root });
    await mkdir(out, { recursive: true });
    const path = join(out, `${wanted.name}_${build.version}_amd64.deb`);
    const words = ["--root-owner-group", ...compressions[compression], "--build", root, path];
    await run("env", [`SOURCE_DATE_EPOCH=${build.epochS}`, "dpkg-deb", ...words]);
    return { path, sizeBytes: (await stat(path)).size };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
