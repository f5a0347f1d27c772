import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { failureReasons } from "../../shared/domain/failure-reason.ts";
import { verdictCodes } from "../logic/verdict.ts";
import { runnerFailureReasons } from "../runner/contract.ts";
import { contractSchema } from "../runner/contract-schema.ts";
import { refusalCodes } from "../runner/plan-launch.ts";

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");

test("the JSON schema is the one that the contract's types generate", () => {
  // After a change: npm run contract
  expect(JSON.parse(read("contract.schema.json"))).toEqual(contractSchema());
});

test.each([
  ["Failure reasons", failureReasons],
  ["Refusals", refusalCodes],
  ["Verdicts", verdictCodes],
] as const)("the table %s names every code and no other", (title, codes) => {
  const section = read("CONTRACT.md").split(`## ${title}`)[1]?.split("\n## ")[0] ?? "";
  const named = [...section.matchAll(/^\| `([a-z-]+)` +\|/gm)].map((match) => match[1] ?? "");
  expect(new Set(named)).toEqual(new Set(codes));
});

test("what a runner says of itself is among the failure reasons", () => {
  for (const reason of runnerFailureReasons) expect(failureReasons).toContain(reason);
});
