import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCatalogue } from "./catalogue.ts";
import { type RunnersConfig, runnersConfigSchema } from "./catalogue-config.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "catalogue-"));
});
afterAll(() => rm(directory, { recursive: true }));

function config(declared: unknown = {}): RunnersConfig {
  return { nodePath: process.execPath, ...runnersConfigSchema.parse(declared) };
}

test("ONNX Runtime is offered with its version and the built-in models", async () => {
  const entries = await readCatalogue(config());
  const entry = entries.find(({ declaration }) => declaration.name === "onnxruntime");
  expect(entry?.declaration.unavailable).toBeNull();
  expect(entry?.declaration.version).toMatch(/^onnxruntime-node \d+\.\d+\.\d+, encoder \d+$/);
  expect(entry?.declaration.models).toContain("bert-large");
});

test("an operator's model is offered by its name alone", async () => {
  const path = join(directory, "mine.onnx");
  await writeFile(path, Buffer.from([0x08, 0x08]));
  const [entry] = await readCatalogue(config({ models: { mine: { path } } }));
  expect(entry?.declaration.models).toContain("mine");
  expect(JSON.stringify(entry?.declaration)).not.toContain(path);
  expect(entry?.models["mine"]).toEqual({ kind: "file", path, dtype: "fp32" });
});

test("a model that is missing, no ONNX file, or named like a built-in is an error of its place", async () => {
  const text = join(directory, "readme.txt");
  await writeFile(text, "hello");
  const missing = join(directory, "absent.onnx");
  for (const [name, path, problem] of [
    ["mine", missing, "models.mine: cannot read"],
    ["mine", text, "models.mine: "],
    ["bert-tiny", text, "models.bert-tiny: the name is a built-in model's"],
  ] as const) {
    const read = readCatalogue(config({ models: { [name]: { path } } }));
    await expect(read).rejects.toMatchObject({
      code: "config.invalid",
      message: expect.stringContaining(problem),
    });
  }
});

test("an id of the hub that is not in the cache is an error that says how it gets there", async () => {
  for (const [hub, how] of [
    ["someone/tiny", "hf download someone/tiny"],
    ["someone/tiny@v2", "hf download someone/tiny --revision v2"],
  ]) {
    const declared = config({ models: { mine: { runner: "pytorch", hub } } });
    await expect(readCatalogue({ ...declared, hubCache: directory })).rejects.toMatchObject({
      code: "config.invalid",
      message: `models.mine: ${hub} is not in the cache ${directory}; put it there with: ${how}`,
    });
  }
  const onnx = readCatalogue(config({ models: { mine: { hub: "someone/tiny" } } }));
  await expect(onnx).rejects.toMatchObject({ message: expect.stringContaining("takes a path") });
});

const command = { argv: [process.execPath, "x.mjs"], version: "3", models: ["m"] };

test("a command is offered under its name, and unavailable when its program is not there", async () => {
  const entries = await readCatalogue(
    config({ commands: { mine: command, lost: { ...command, argv: ["/no/such/program"] } } }),
  );
  const find = (name: string) => entries.find(({ declaration }) => declaration.name === name);
  expect(find("mine")?.declaration).toMatchObject({ version: "command 3", unavailable: null });
  expect(find("lost")?.declaration.unavailable).toContain("/no/such/program");
});

test("a command cannot take the name of a runner of ours", async () => {
  await expect(readCatalogue(config({ commands: { noop: command } }))).rejects.toMatchObject({
    code: "config.invalid",
  });
});

test.each([
  { commands: { mine: { ...command, argv: ["relative"] } } },
  { commands: { mine: { ...command, shell: true } } },
  { commands: { "../mine": command } },
  { models: { mine: { path: "relative.onnx" } } },
  { models: { mine: { path: "/x.onnx", size: 3 } } },
  { models: { mine: {} } },
  { models: { mine: { path: "/x", hub: "someone/tiny" } } },
  { models: { mine: { hub: "../../etc" } } },
  { models: { mine: { hub: "someone/../tiny" } } },
  { models: { mine: { hub: ".." } } },
])("a declaration that cannot be meant is refused: %o", (declared) => {
  expect(runnersConfigSchema.safeParse(declared).success).toBe(false);
});
