import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Plant, plants } from "./guards/plants.ts";

const repository = fileURLToPath(new URL("..", import.meta.url));

/** The rules that the linter found broken, by path. */
let found: Map<string, Set<string>>;
let root: string;

/** Many plants would be `a.ts` in one folder, so each such file gets the plant's number. */
function plantedPath(plant: Plant): string {
  return plant.path.replace(/\/a\./, `/a${plants.indexOf(plant)}.`);
}

// One tree with the repository's own configuration, and one run of the linter over all of it.
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "fleetsweep-guards-"));
  await symlink(join(repository, "node_modules"), join(root, "node_modules"));
  for (const file of [".oxlintrc.json", "tsconfig.json"]) {
    await cp(join(repository, file), join(root, file));
  }
  for (const plant of plants) {
    const path = join(root, plantedPath(plant));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, plant.source);
  }
  found = lint(root);
}, 120_000);

afterAll(() => rm(root, { recursive: true }));

function lint(directory: string): Map<string, Set<string>> {
  const program = join(repository, "node_modules/.bin/oxlint");
  const ended = spawnSync(program, ["--format", "json"], {
    cwd: directory,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const report = JSON.parse(ended.stdout) as { diagnostics: { code: string; filename: string }[] };
  const byPath = new Map<string, Set<string>>();
  for (const { code, filename } of report.diagnostics) {
    byPath.set(filename, (byPath.get(filename) ?? new Set()).add(code));
  }
  return byPath;
}

test("every plant stands in a file of its own", () => {
  expect(new Set(plants.map(plantedPath)).size).toBe(plants.length);
});

test.each(plants.map((plant) => [plant.says, plant] as const))("%s", (_, plant) => {
  const rules = [...(found.get(plantedPath(plant)) ?? [])];
  expect(rules).toEqual(plant.rule === null ? [] : [plant.rule]);
});
