import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, Option } from "commander";
import { fetchNodeRuntime } from "./node-runtime.ts";
import { debianPackages } from "./packages.ts";
import { writeBundle } from "./write-bundle.ts";
import { type Compression, type WrittenFile, writeDeb } from "./write-deb.ts";

/** Builds one of them into a directory. */
type Writer = (out: string) => Promise<WrittenFile>;

const project = fileURLToPath(new URL("../..", import.meta.url));

/** The agent in one file, for systems without dpkg. */
const bundleName = "bundle";

interface Flags {
  readonly out: string;
  readonly release?: string;
  readonly compression: Compression;
  readonly twice: boolean;
}

/** Numbers first, as Debian compares them: 0.2.0, 0.2.0~rc1, 0.2.0+1. */
const versionPattern = /^\d[\w.+~]*$/;

await new Command("npm run package --")
  .description(
    "Builds the Debian packages of agent and coordinator, and a bundle of the agent, from dist.",
  )
  .argument("[names...]", "what to build; everything where nothing is named")
  .option("--out <dir>", "directory for what is built", "packages")
  .option("--release <version>", "version of what is built; that of package.json unless given")
  .addOption(
    new Option("--compression <how>", "small files, or quickly written ones")
      .choices(["small", "quick"])
      .default("small"),
  )
  .option("--twice", "build all again as somebody else would, and demand the same bytes", false)
  .action(async (names: string[], flags: Flags) => {
    const known = [...debianPackages.map(({ name }) => name), bundleName];
    const unknown = names.find((name) => !known.includes(name));
    if (unknown !== undefined) fail(`nothing is called ${unknown}; there is ${known.join(", ")}`);
    if (!existsSync(join(project, "dist/coordinator/main.js"))) fail("dist is not built");
    const version = flags.release ?? readVersion();
    if (!versionPattern.test(version)) fail(`${version} is no version that Debian can compare`);
    const runtime = await fetchNodeRuntime(join(project, "node_modules/.cache/fleetsweep"));
    const build = { project, runtime, version, epochS: readEpoch() };
    const out = resolve(flags.out);
    const writers = new Map<string, Writer>(
      debianPackages.map((wanted) => [
        wanted.name,
        (into) => writeDeb(wanted, build, into, flags.compression),
      ]),
    );
    const agent = debianPackages.find(({ name }) => name === "fleetsweep-agent");
    if (agent !== undefined) {
      writers.set(bundleName, (into) => writeBundle(agent, build, into, flags.compression));
    }
    for (const [name, write] of writers) {
      if (names.length > 0 && !names.includes(name)) continue;
      const written = await write(out);
      const sizeMb = (written.sizeBytes / 1e6).toFixed(1);
      const again = flags.twice ? `  ${await buildAgain(write, written)}` : "";
      process.stdout.write(`${written.path}  ${sizeMb} MB${again}\n`);
    }
  })
  .parseAsync();

/** Builds again, elsewhere and under another umask and time zone: the digest of both, or what they say of themselves. */
async function buildAgain(write: Writer, { path }: WrittenFile): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), "fleetsweep-again-"));
  const before = { umask: process.umask(0o077), zone: process.env["TZ"] };
  process.env["TZ"] = "Pacific/Chatham";
  try {
    const [first, again] = [await digestOf(path), await digestOf((await write(scratch)).path)];
    if (first === again) return `twice sha256 ${first}`;
    process.exitCode = 1;
    return `NOT THE SAME TWICE: sha256 ${first}, then ${again}`;
  } finally {
    process.umask(before.umask);
    if (before.zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = before.zone;
    await rm(scratch, { recursive: true, force: true });
  }
}

async function digestOf(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}

function fail(message: string): never {
  process.stderr.write(`package: ${message}\n`);
  process.exit(2);
}

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as {
    readonly version: string;
  };
  return manifest.version;
}

/** SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/), else the last commit's time. */
function readEpoch(): number {
  const given = process.env["SOURCE_DATE_EPOCH"];
  const ask = ["log", "-1", "--format=%ct"];
  const text = given ?? execFileSync("git", ask, { cwd: project, encoding: "utf8" });
  const epochS = Number(text);
  if (!Number.isSafeInteger(epochS)) fail(`SOURCE_DATE_EPOCH is ${text}`);
  return epochS;
}
