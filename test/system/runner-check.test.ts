import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkRunner } from "../../agent/runner/conformance/check-runner.ts";
import { nodeLaunchSystem } from "../../agent/runner/launch-system.ts";
import { readCatalogue } from "../../agent/runners/catalogue.ts";
import { runnersConfigSchema } from "../../agent/runners/catalogue-config.ts";
import { installedRuntimes, runtimesDirectory, sayMissing } from "../support/python-runtimes.ts";

const python = "/usr/bin/python3";
const hasPython = existsSync(python);
if (!hasPython) process.stderr.write(`skipped: no ${python}\n`);
const example = fileURLToPath(new URL("../../examples/own-runner/digest.py", import.meta.url));

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "runner-check-"));
});
afterAll(() => rm(directory, { recursive: true }));

/** The violations by rule; `names` are the rules that were checked. */
async function check(name: string, commands: unknown = {}) {
  const catalogue = await readCatalogue({
    nodePath: process.execPath,
    runtimesDirectory,
    ...runnersConfigSchema.parse({ commands }),
  });
  const entry = catalogue.find(({ declaration }) => declaration.name === name);
  if (entry === undefined) throw new Error(`no runner ${name}`);
  const { models, modes, dtypes } = entry.declaration;
  const request = {
    entry,
    model: models.includes("bert-tiny") ? "bert-tiny" : (models[0] ?? ""),
    mode: modes[0] ?? "",
    dtype: dtypes[0] ?? "",
    sequenceLength: 16,
    timeoutMs: 60_000,
  };
  const deps = { system: nodeLaunchSystem(process), signal: new AbortController().signal };
  const results = await checkRunner(request, deps, () => undefined);
  const broken = results.filter(({ violations }) => violations.length > 0);
  return {
    names: results.map(({ rule }) => rule),
    broken: Object.fromEntries(broken.map(({ rule, violations }) => [rule, violations.join("; ")])),
  };
}

const closedRules = ["start", "cell", "equal-work", "run-on", "stop", "stdin-closed"];
closedRules.push("stdin-closed-busy");

test("ONNX Runtime keeps every rule, in all four arrival patterns", async () => {
  const { names, broken } = await check("onnxruntime");
  expect(broken).toEqual({});
  expect(names).toEqual(
    expect.arrayContaining([...closedRules, "offline", "multi-stream", "server"]),
  );
});

sayMissing("pytorch");

test.skipIf(!installedRuntimes.includes("pytorch"))(
  "PyTorch keeps every rule",
  async () => {
    expect((await check("pytorch")).broken).toEqual({});
  },
  600_000,
);

/** The example with one text replaced. */
async function altered(from: string, to: string): Promise<Record<string, unknown>> {
  const source = await readFile(example, "utf8");
  expect(source).toContain(from);
  const path = join(directory, "altered.py");
  await writeFile(path, source.replace(from, to));
  return { digest: { argv: [python, "-I", path], version: "1", models: ["zeros"] } };
}

test.skipIf(!hasPython)("the worked example keeps every rule that it declares", async () => {
  const { names, broken } = await check("digest", await altered("Python's own", "Python's own"));
  expect(broken).toEqual({});
  expect(names).toEqual(closedRules);
});

test.skipIf(!hasPython).each([
  ['"threads": 1', '"threads": 2', "start", "2 threads"],
  [
    "algorithm = load(receive())",
    'print("hello"); algorithm = load(receive())',
    "start",
    "garbage",
  ],
  ["algorithm = load(receive())", "raise SystemExit(3)", "start", "exit code 3"],
  ['"started_ns": str(started)', '"started_ns": str(time.time_ns())', "cell", "CLOCK_MONOTONIC"],
  ['ended - started >= timed["min_ms"] * 1e6', "True", "cell", "it measured for"],
  [
    "before = time.perf_counter_ns()\n        call()\n        ended",
    "before = started\n        call()\n        ended",
    "cell",
    "its calls took",
  ],
  ["last[0][:16]", "os.urandom(8).hex()", "equal-work", "checksums"],
  ['if not prepare["run_on"]:', "if True:", "run-on", "stopped at enough"],
  [
    'if message["type"] == "stop":\n            sys.exit(0)',
    'if message["type"] == "stop":\n            sys.exit(7)',
    "stop",
    "exit code 7",
  ],
  [
    "if not line:\n        sys.exit(0)",
    "if not line:\n        time.sleep(3600)",
    "stdin-closed",
    "still runs",
  ],
])("%s replaced by %s breaks the rule %#: it is named", async (from, to, rule, found) => {
  const { broken } = await check("digest", await altered(from, to));
  expect(Object.keys(broken)).toContain(rule);
  expect(broken[rule]).toContain(found);
});
