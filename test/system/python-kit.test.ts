import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isSteady, steadyLimits } from "../../shared/stats/steady.ts";

const python = "/usr/bin/python3";
const hasPython = existsSync(python);
if (!hasPython) process.stderr.write(`skipped: no ${python}\n`);
const runners = fileURLToPath(new URL("../../agent/runners/", import.meta.url));

function run(code: string, input: unknown = null): unknown {
  const stdout = execFileSync(python, ["-I", "-B", "-c", code], {
    input: JSON.stringify(input),
    encoding: "utf8",
  });
  return JSON.parse(stdout);
}

const stepped = fc
  .tuple(
    fc.integer({ min: 1_000, max: 4_000_000_000 }),
    fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 450 }),
  )
  .map(([base, percents]) =>
    percents.map((percent) => base + Math.floor((base * percent) / 1_000)),
  );

test.skipIf(!hasPython)("the warm-up in Python finds steady what the one in Node does", () => {
  const drifting = Array.from({ length: 400 }, (_, i) => 2_000_000 - 3_000 * i);
  const flat = Array.from({ length: 400 }, () => 1_000_000);
  const series = [drifting, flat, [5, 5], ...fc.sample(stepped, { numRuns: 300, seed: 4 })];
  const found = run(
    `import json, sys
sys.path.insert(0, ${JSON.stringify(`${runners}python/fleetsweep_runner`)})
from steady import is_steady, steady_limits
def judge(durations):
    limits = steady_limits(durations[-1])
    return [*limits, is_steady(durations, limits)]
print(json.dumps([judge(durations) for durations in json.load(sys.stdin)]))`,
    series,
  );
  const expected = series.map((durations) => {
    const limits = steadyLimits(durations.at(-1) ?? 0);
    return [limits.windowCalls, limits.toleranceFactor, isSteady(durations, limits)];
  });
  expect(found).toEqual(expected);
  expect(new Set(expected.map(([, , steady]) => steady)).size).toBe(2);
});

test.skipIf(!hasPython)(
  "a placeholder is a library to the loader: name, versions and objects",
  () => {
    const found = run(
      `import ctypes, json, os, sys, tempfile
sys.path.insert(0, ${JSON.stringify(`${runners}runtimes`)})
from placeholders import Library, make_library
with tempfile.TemporaryDirectory() as place:
    loaded = []
    for name, versions in [("libplain.so.1", {}), ("libversioned.so.2", {"V_1": {"one", "two"}, "V_2": set()})]:
        path = os.path.join(place, name)
        open(path, "wb").write(make_library(name, versions))
        library = ctypes.CDLL(path, mode=os.RTLD_NOW)
        values = [ctypes.c_long.in_dll(library, symbol).value for symbol in sorted(versions.get("V_1", ()))]
        own = Library(path)
        loaded.append([name, values, own.needed, hasattr(library, "three")])
print(json.dumps(loaded))`,
    );
    expect(found).toEqual([
      ["libplain.so.1", [], [], false],
      ["libversioned.so.2", [0, 0], [], false],
    ]);
  },
);

test.skipIf(!hasPython)("stdout belongs to the contract, whatever a library prints there", () => {
  const output = execFileSync(
    python,
    [
      "-I",
      "-B",
      "-c",
      `import os, sys
sys.path.insert(0, ${JSON.stringify(`${runners}python/fleetsweep_runner`)})
from pipes import claim_stdout
write = claim_stdout()
os.write(1, b"onednn_verbose,info\\n")
print("a library", flush=True)
write({"type": "ready"})`,
    ],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  );
  expect(output).toBe('{"type": "ready"}\n');
});
