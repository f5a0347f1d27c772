import { expect, test } from "vitest";
import { z } from "zod";
import { verdictCodes } from "../agent/logic/verdict.ts";
import { cellReasons } from "../coordinator/analysis/row-verdict.ts";
import { errorCatalogue } from "../shared/domain/errors.ts";
import { failureReasons } from "../shared/domain/failure-reason.ts";
import { findBrokenLinks } from "./tidy/markdown.ts";
import { findLines, isThere, listFiles, readText } from "./tidy/repository.ts";
import {
  holds,
  listIdentifiers,
  otherMeanings,
  otherPeoplesWords,
  parseForbiddenWords,
} from "./tidy/words.ts";

/** These files quote what they look for. */
const isOwn = (path: string): boolean => path.startsWith("test/tidy");
const files = listFiles();
const sources = files.filter((path) => path.endsWith(".ts"));
const documents = files.filter((path) => path.endsWith(".md"));
const manifest = JSON.parse(readText("package.json")) as { scripts: Record<string, string> };

interface LockedPackage {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
const lock = JSON.parse(readText("package-lock.json")) as {
  packages: Record<string, LockedPackage>;
};

test("every error code has a section in ERRORS, and every section a code", () => {
  const sections = [...readText("deploy/ERRORS.md").matchAll(/^## (.*)$/gm)];
  expect(sections.map((match) => match[1])).toEqual(Object.keys(errorCatalogue));
});

test("every alert has a section in the runbook, and every section an alert", () => {
  const alerts = readText("deploy/RUNBOOK.md").split("\n## Alerts\n")[1] ?? "";
  const sections = [...alerts.matchAll(/^### (.*)$/gm)].map((match) => match[1]);
  const rules = [...readText("deploy/alerts.yaml").matchAll(/^ +- alert: (.*)$/gm)];
  expect(sections).toEqual(rules.map((match) => match[1]));
});

const configs = ["agent/config.ts", "coordinator/config.ts"].filter(isThere);

test.skipIf(configs.length === 0).for(configs)(
  "the README has a row for every field of %s",
  async (path) => {
    const module = (await import(new URL(`../${path}`, import.meta.url).href)) as Record<
      string,
      unknown
    >;
    const schemas = Object.values(module).filter((value) => value instanceof z.ZodObject);
    expect(schemas).not.toEqual([]);
    const fields = schemas.flatMap((schema) => Object.keys(schema.shape));
    const documented = new Set(
      [...readText("README.md").matchAll(/^\| `([\w-]+)/gm)].map((match) => match[1]),
    );
    const missing = fields.filter(
      (field) => !documented.has(field) && !documented.has(toFlag(field)),
    );
    expect(missing).toEqual([]);
  },
);

/** `natsTokenFile` → `--nats-token-file`. */
function toFlag(field: string): string {
  return `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

test.each([
  ["verdict", [...verdictCodes, ...cellReasons]],
  ["failure", failureReasons],
])("the glossary has every reason of a %s, and no other", (what, codes) => {
  const section = readText("GLOSSARY.md").split(`\n## Reasons of a ${what}\n`)[1] ?? "";
  const rows = (section.split("\n## ")[0] ?? "").matchAll(/^\| `([\w-]+)` \|/gm);
  expect(new Set([...rows].map((row) => row[1]))).toEqual(new Set(codes));
});

test("no identifier says a word that the glossary rejects", () => {
  const forbidden = parseForbiddenWords(readText("GLOSSARY.md"));
  expect(forbidden).toContain("job");
  const checked = forbidden.filter((word) => !Object.hasOwn(otherMeanings, word));
  const found = sources.filter((path) => !isOwn(path)).flatMap((path) => findWords(path, checked));
  expect(found).toEqual([]);
});

function findWords(path: string, forbidden: readonly string[]): readonly string[] {
  const words = forbidden.filter((word) => otherPeoplesWords[word]?.test(path) !== true);
  return listIdentifiers(readText(path)).flatMap((identifier) =>
    words
      .filter((word) => holds(identifier, word))
      .map((word) => `${path}:${identifier.line}: ${identifier.name} says "${word}"`),
  );
}

test("a word that the glossary rejects is found in a name, and not in a text or a comment", () => {
  const source = [
    'const jobQueue = "task"; // worker',
    "/* replica",
    " job */ readTestCases(nodeId, numaNode, node);",
    "export const node = 1;",
    "  readonly nodes: NumaNode[];",
  ].join("\n");
  const found = ["job", "task", "worker", "replica", "test case", "node"].flatMap((word) =>
    listIdentifiers(source).filter((identifier) => holds(identifier, word)),
  );
  expect(found.map(({ name, line }) => `${line} ${name}`)).toEqual([
    "1 jobQueue",
    "3 readTestCases",
    "4 node",
    "5 nodes",
  ]);
});

test("what is still to do names the issue that says so", () => {
  const marks = new RegExp(
    `\\b(${["TO", "FIX", "X", "HA"].map((a, i) => a + ["DO", "ME", "XX", "CK"][i]).join("|")})\\b(?!\\(#\\d+\\))`,
  );
  expect(files.flatMap((path) => findLines(path, (line) => marks.test(line)))).toEqual([]);
});

test("a rule of the linter is switched off only with a reason", () => {
  const isBare = (line: string) =>
    /(oxlint|eslint|biome)-(disable|ignore)/.test(line) && !/( -- |ignore \w+: )\S/.test(line);
  const elsewhere = sources.filter((path) => !isOwn(path));
  expect(elsewhere.flatMap((path) => findLines(path, isBare))).toEqual([]);
});

test("links and file names in documents lead somewhere", () => {
  expect(documents.flatMap(findBrokenLinks)).toEqual([]);
});

test("the code map of ARCHITECTURE names every folder, and only such", () => {
  const isNested = (path: string) => /^(agent|coordinator|shared)\//.test(path);
  const depth = (path: string) => (isNested(path) ? 2 : 1);
  const folders = files
    .filter((path) => path.split("/").length > depth(path))
    .map((path) => path.split("/").slice(0, depth(path)).join("/"));
  const map = readText("ARCHITECTURE.md").split("\n## Code map\n")[1]?.split("\n#")[0] ?? "";
  const rows = [...map.matchAll(/^\| (`[^|]*) \|/gm)].map((match) => match[1] ?? "");
  const named = rows.flatMap((row) => [...row.matchAll(/`([^`]+)\/`/g)].map((match) => match[1]));
  const expected = new Set(folders.filter((folder) => !folder.startsWith(".")));
  const extra = ["proto/fleetsweep/v1", "proto/gen", "schema"];
  expected.delete("proto");
  expect(new Set(named)).toEqual(new Set([...expected, ...extra]));
});

test("every npm script that a document or a script names is there", () => {
  const texts = files.filter((path) => /\.(md|sh|yaml)$|^\.ci\//.test(path));
  const named = texts.flatMap((path) =>
    [...readText(path).matchAll(/npm run ([\w:-]+)/g)].map((match) => ({
      path,
      script: match[1] ?? "",
    })),
  );
  expect(named).not.toEqual([]);
  expect(named.filter(({ script }) => !Object.hasOwn(manifest.scripts, script))).toEqual([]);
});

test("no file names a path of one machine or the host of a package registry", () => {
  const folders = ["work", "root", "home/[a-z]+"].join("|");
  const hosts = [
    ["registry", "npmjs", "org"],
    ["deb", "debian", "org"],
    ["files", "pythonhosted", "org"],
  ];
  const pattern = new RegExp(
    `(^|[^\\w.$}/-])/(${folders})/|${hosts.map((host) => host.join("\\.")).join("|")}`,
  );
  expect(files.flatMap((path) => findLines(path, (line) => pattern.test(line)))).toEqual([]);
});

test("the lock file holds no download address", () => {
  const found = Object.entries(lock.packages).filter(([, { resolved }]) => resolved !== undefined);
  expect(found.map(([path]) => path)).toEqual([]);
});

test("the lock file names every optional platform package, without which npm 11 refuses a clean install", () => {
  const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        !(`node_modules/${name}` in lock.packages) &&
        !(`${path}/node_modules/${name}` in lock.packages),
    ),
  );
  expect(missing).toEqual([]);
});

test("no file that people write is longer than 300 lines", () => {
  const written = files.filter((path) => /\.(ts|mts|js|mjs|py|sh|md|proto|yaml|yml)$/.test(path));
  const long = written.filter((path) => readText(path).trimEnd().split("\n").length > 300);
  expect(long).toEqual([]);
});

test("the documents that every project has are there", () => {
  const names = [
    "README",
    "ARCHITECTURE",
    "GLOSSARY",
    "CONTRIBUTING",
    "CHANGELOG",
    "deploy/RUNBOOK",
    "deploy/ERRORS",
  ];
  expect(names.filter((name) => !isThere(`${name}.md`))).toEqual([]);
  expect(readText("LICENSE")).toContain("Apache License");
});
