import { execFile } from "node:child_process";
import { chmod, copyFile, cp, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { VerbTree } from "../../shared/cli/verb-tree.ts";
import {
  conffilesList,
  controlFile,
  copyrightFile,
  debianChangelog,
  launcher,
  lintianOverrides,
  maintainerScript,
  settingsDirectory,
  sysusersFile,
} from "./debian-files.ts";
import { listFiles, settleTree } from "./file-tree.ts";
import { manPage } from "./man-page.ts";
import { nodeRuntime } from "./node-runtime.ts";
import type { DebianPackage } from "./packages.ts";
import { type CarriedPackage, stageProgram } from "./stage-program.ts";

const run = promisify(execFile);

/** Where each shell looks for what a package brings. */
const completionFiles = {
  bash: (program: string) => `usr/share/bash-completion/completions/${program}`,
  zsh: (program: string) => `usr/share/zsh/vendor-completions/_${program}`,
  fish: (program: string) => `usr/share/fish/vendor_completions.d/${program}.fish`,
} as const;

export interface DebianBuild {
  readonly project: string;
  /** Where the tree of the package is laid out; empty. */
  readonly root: string;
  /** Directory of the Node that is carried along. */
  readonly runtime: string;
  readonly version: string;
  /** The time of every file, in seconds. */
  readonly epochS: number;
}

/** Lays out everything that the package installs, and its control files in `DEBIAN`. */
export async function stageDebian(wanted: DebianPackage, build: DebianBuild): Promise<void> {
  const { project, root } = build;
  const home = join(root, "usr/lib", wanted.name);
  const carried = await stageProgram(project, home, wanted, build);
  await put(root, `usr/bin/${wanted.program}`, launcher(wanted), 0o755);
  for (const { file } of wanted.units) {
    await take(join(project, "deploy/systemd", file), join(root, "usr/lib/systemd/system", file));
  }
  await put(root, `usr/lib/sysusers.d/${wanted.name}.conf`, sysusersFile(wanted));
  for (const file of wanted.settings) {
    await take(join(project, "deploy/package/conf", file), join(root, settingsDirectory, file));
  }
  await stageDocuments(wanted, build, carried);
  await stageHelp(wanted, build);
  await put(root, `usr/share/lintian/overrides/${wanted.name}`, lintianOverrides(wanted));
  await settleTree(root, build.epochS);
  await stageControl(wanted, build);
}

async function stageDocuments(
  wanted: DebianPackage,
  { project, root, runtime, version, epochS }: DebianBuild,
  carried: readonly CarriedPackage[],
): Promise<void> {
  const folder = `usr/share/doc/${wanted.name}`;
  const year = new Date(epochS * 1000).getUTCFullYear();
  await put(root, `${folder}/copyright`, copyrightFile(carried, nodeRuntime.version, year));
  await put(root, `${folder}/changelog`, debianChangelog(wanted, version, epochS));
  await take(join(project, "CHANGELOG.md"), join(root, folder, "NEWS.md"));
  await take(join(runtime, "LICENSE"), join(root, folder, "LICENSE.node"));
  for (const path of wanted.documents) {
    await mkdir(join(root, folder), { recursive: true });
    await cp(join(project, path), join(root, folder, basename(path)), { recursive: true });
  }
  // -n: neither name nor time, so that equal texts give equal files.
  const packed = ["changelog", "NEWS.md", "LICENSE.node"].map((file) => join(root, folder, file));
  await run("gzip", ["-9n", ...packed]);
}

/** The manual and the completions, as the program that was just laid out says them of itself. */
async function stageHelp(wanted: DebianPackage, { root, version, epochS }: DebianBuild) {
  const home = join(root, "usr/lib", wanted.name);
  const print = async (format: string): Promise<string> => {
    const words = [join(home, wanted.entry), "completion", format];
    const { stdout } = await run(join(home, "bin/node"), words, { maxBuffer: 16 * 1024 * 1024 });
    return stdout;
  };
  const page = manPage(JSON.parse(await print("json")) as VerbTree, {
    version,
    date: new Date(epochS * 1000).toISOString().slice(0, 10),
    files: wanted.files,
    seeAlso: wanted.seeAlso,
  });
  const manual = `usr/share/man/man1/${wanted.program}.1`;
  await put(root, manual, page);
  await run("gzip", ["-9n", join(root, manual)]);
  for (const [shell, place] of Object.entries(completionFiles)) {
    await put(root, place(wanted.program), await print(shell));
  }
}

async function stageControl(wanted: DebianPackage, build: DebianBuild): Promise<void> {
  const { project, root, version } = build;
  const files = await listFiles(root);
  const sizes = await Promise.all(files.map(async (path) => (await stat(join(root, path))).size));
  const kib = sizes.reduce((sum, bytes) => sum + Math.max(1, Math.ceil(bytes / 1024)), 0);
  await put(root, "DEBIAN/control", controlFile(wanted, version, kib));
  // dpkg-deb refuses what a strict umask made of it.
  await chmod(join(root, "DEBIAN"), 0o755);
  await put(root, "DEBIAN/conffiles", conffilesList(wanted));
  const checked = files.filter((path) => !path.startsWith("etc/"));
  const { stdout } = await run("md5sum", checked, { cwd: root, maxBuffer: 16 * 1024 * 1024 });
  await put(root, "DEBIAN/md5sums", stdout);
  for (const script of ["postinst", "prerm", "postrm"]) {
    const template = await readFile(join(project, "deploy/package/maintainer", script), "utf8");
    await put(root, `DEBIAN/${script}`, maintainerScript(template, wanted), 0o755);
  }
}

async function put(root: string, path: string, text: string, mode = 0o644): Promise<void> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  await chmod(file, mode);
}

async function take(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
}
