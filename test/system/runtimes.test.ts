import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { installRuntime, removeRuntime } from "../../agent/runners/runtimes/install.ts";
import { readRuntime } from "../../agent/runners/runtimes/installed.ts";
import { findRuntime, type Runtime } from "../../agent/runners/runtimes/known.ts";
import { linkedLibraries } from "../../agent/runners/runtimes/probe-result.ts";
import { lockDirectory } from "../../shared/runtime/lock.ts";
import { installedRuntimes, runtimesDirectory, sayMissing } from "../support/python-runtimes.ts";

let base = "";
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "runtimes-"));
});
afterEach(() => rm(base, { recursive: true }));

function runtimeOf(name: string): Runtime {
  const runtime = findRuntime(name);
  if (runtime === undefined) throw new Error(`no runtime ${name}`);
  return runtime;
}

const tensorflow = runtimeOf("tensorflow");

function deps(changes: { wheels?: string; signal?: AbortSignal } = {}) {
  return {
    base,
    environment: { PATH: process.env["PATH"], HOME: process.env["HOME"] },
    pid: process.pid,
    signal: new AbortController().signal,
    wheels: null,
    talk: () => undefined,
    ...changes,
  };
}

const hasVenv = installedRuntimes.length > 0;
if (!hasVenv) process.stderr.write("skipped: no Python runtime is installed\n");

test.skipIf(!hasVenv)(
  "what cannot be fetched is said with advice, and leaves nothing behind",
  async () => {
    const wheels = join(base, "wheels");
    await mkdir(wheels);
    await writeFile(join(base, "keep"), "");
    await expect(installRuntime(tensorflow, deps({ wheels }))).rejects.toMatchObject({
      code: "runtime.failed",
      message: expect.stringMatching(/pip install failed[\s\S]*--wheels DIRECTORY/),
    });
    expect((await readdir(base)).sort()).toEqual(["keep", "wheels"]);
    const { state } = await readRuntime(base, tensorflow, new AbortController().signal);
    expect(state).toBe("absent");
  },
);

test.skipIf(!hasVenv)("an interrupted installation leaves nothing behind", async () => {
  const stop = new AbortController();
  const running = installRuntime(tensorflow, deps({ signal: stop.signal }));
  setTimeout(() => stop.abort(), 300);
  await expect(running).rejects.toMatchObject({
    message: expect.stringContaining("nothing was changed"),
  });
  expect(await readdir(base)).toEqual([]);
});

test("a second installation is told who the first is", async () => {
  const lock = await lockDirectory(base, 4_711);
  try {
    const refusal = { code: "state.locked", message: expect.stringContaining("process 4711") };
    await expect(installRuntime(tensorflow, deps())).rejects.toMatchObject(refusal);
    await expect(removeRuntime(tensorflow, deps())).rejects.toMatchObject(refusal);
  } finally {
    await lock.release();
  }
});

test("what belongs to the system is neither installed nor removed by us", async () => {
  const debian = runtimeOf("debian-pytorch");
  const message = expect.stringContaining("apt-get install python3-torch");
  await expect(installRuntime(debian, deps())).rejects.toMatchObject({ message });
  await expect(removeRuntime(debian, deps())).rejects.toMatchObject({ code: "config.invalid" });
});

test("a runtime that is there and does not work is broken, with the reason", async () => {
  await mkdir(join(base, "tensorflow", "bin"), { recursive: true });
  await writeFile(join(base, "tensorflow", "runtime.json"), "{}");
  const found = await readRuntime(base, tensorflow, new AbortController().signal);
  expect(found).toMatchObject({ state: "broken", reason: expect.stringContaining("ENOENT") });
  expect(await removeRuntime(tensorflow, deps())).toBe(true);
  expect(await removeRuntime(tensorflow, deps())).toBe(false);
  expect(await readdir(base)).toEqual([]);
});

for (const name of ["pytorch", "tensorflow"]) sayMissing(name);

test.skipIf(!installedRuntimes.includes("pytorch"))(
  "PyTorch says what it links, and none of it is the reference BLAS",
  async () => {
    const signal = new AbortController().signal;
    const found = await readRuntime(runtimesDirectory, runtimeOf("pytorch"), signal);
    if (found.state !== "installed") throw new Error(JSON.stringify(found));
    expect(found.probe.combinations).toEqual(
      expect.arrayContaining([
        ["eager", "fp32"],
        ["graph", "fp32"],
        ["eager", "bf16"],
        ["eager", "int8"],
      ]),
    );
    const linked = linkedLibraries(found.probe);
    expect(linked).toMatchObject({ openmp: "libgomp.so.1", warning: null });
    expect(linked.blas).toMatch(/^mkl /);
    expect(found.probe.transformers).toMatch(/^\d/);
  },
);
