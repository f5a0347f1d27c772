import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sweepJsonSchema } from "../coordinator/sweep-file/json-schema.ts";
import { parseSweepFile } from "../coordinator/sweep-file/parse-sweep-file.ts";
import { referencePage } from "../coordinator/sweep-file/reference-page.ts";

test("the schema that editors read is the one that files are checked with (vitest -u writes it)", async () => {
  await expect(sweepJsonSchema()).toMatchFileSnapshot("../schema/sweep.v1.json");
});

test("the reference page says what the code does (vitest -u writes it)", async () => {
  await expect(referencePage()).toMatchFileSnapshot("../docs/sweep-file.md");
});

const files = ["examples", "presets"].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => `${folder}/${name}`),
);

test.each(files)(
  "%s is a valid sweep file, named as its file, that names the schema first",
  (path) => {
    const text = readFileSync(path, "utf8");
    const spec = parseSweepFile(text, path);
    expect(path).toContain(`/${spec.name}.yaml`);
    expect(spec.description).not.toBe("");
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=../schema/sweep.v1.json");
  },
);
