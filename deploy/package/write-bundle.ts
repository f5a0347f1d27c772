import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFile,
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { smallHeapFlags } from "../../shared/runtime/small-heap.ts";
import { settleTree } from "./file-tree.ts";
import { nodeRuntime } from "./node-runtime.ts";
import type { DebianPackage } from "./packages.ts";
import type { DebianBuild } from "./stage-debian.ts";
import { stageProgram } from "./stage-program.ts";
import type { Compression, WrittenFile } from "./write-deb.ts";

const run = promisify(execFile);

/** The program beside its Node, wherever both were unpacked and whatever links lead there. */
const launcher = `#!/bin/sh
home=$(dirname "$(dirname "$(readlink -f "$0")")")
exec "$home/bin/node" ${smallHeapFlags(nodeRuntime.version).join(" ")} "$home/dist/agent/main.js" "$@"
`;

/**
 * Builds `NAME-VERSION-linux-x64.run` in `out`: a shell script with the program and its Node as an archive behind
 * it, for systems that know no Debian packages.
 */
export async function writeBundle(
  wanted: DebianPackage,
  build: Omit<DebianBuild, "root">,
  out: string,
  compression: Compression,
): Promise<WrittenFile> {
  const scratch = await mkdtemp(join(tmpdir(), "fleetsweep-bundle-"));
  try {
    const root = join(scratch, "root");
    await stageBundle(wanted, build, root);
    const archive = await readFile(await packTree(root, build.epochS, compression));
    await mkdir(out, { recursive: true });
    const path = join(out, `${wanted.name}-${build.version}-linux-x64.run`);
    const template = await readFile(join(build.project, "deploy/package/bundle-head.sh"), "utf8");
    await writeFile(path, fillHead(template, build.version, archive));
    await appendFile(path, archive);
    await chmod(path, 0o755);
    return { path, sizeBytes: (await stat(path)).size };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function stageBundle(
  wanted: DebianPackage,
  build: Omit<DebianBuild, "root">,
  root: string,
): Promise<void> {
  const { project, runtime, epochS } = build;
  await mkdir(root);
  await stageProgram(project, root, wanted, build);
  await writeFile(join(root, "bin", wanted.program), launcher);
  await copyFile(join(runtime, "LICENSE"), join(root, "LICENSE.node"));
  await copyFile(join(project, "LICENSE"), join(root, "LICENSE"));
  for (const { file } of wanted.units) {
    await copyFile(join(project, "deploy/systemd", file), join(root, file));
  }
  await settleTree(root, epochS);
}

async function packTree(root: string, epochS: number, compression: Compression): Promise<string> {
  const archive = `${root}.tar`;
  const owner = ["--owner=0", "--group=0", "--numeric-owner"];
  const order = ["--sort=name", `--mtime=@${epochS}`, "--format=gnu"];
  await run("tar", [...order, ...owner, "-cf", archive, "-C", root, "."]);
  await run("gzip", [compression === "small" ? "-9n" : "-1n", archive]);
  return `${archive}.gz`;
}

function fillHead(template: string, version: string, archive: Buffer): string {
  return template
    .replaceAll("@VERSION@", version)
    .replaceAll("@DIGEST@", createHash("sha256").update(archive).digest("hex"))
    .replaceAll("@LINES@", String(template.trimEnd().split("\n").length));
}
