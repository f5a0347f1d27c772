import { expect, test } from "vitest";
import { askSystemFacts } from "./ask.ts";

const none = { osName: null, dmi: null, dimms: null };

async function ask(script: string) {
  const troubles: string[] = [];
  const argv = [process.execPath, "-e", script];
  return { facts: await askSystemFacts(argv, (reason) => troubles.push(reason)), troubles };
}

test("what the program says is what the system's facts are", async () => {
  const said = { osName: "Debian 12", dmi: { board_name: "X" }, dimms: null };
  const { facts, troubles } = await ask(`console.log('${JSON.stringify(said)}')`);
  expect([facts, troubles]).toEqual([said, []]);
});

test.each([
  ["fails", "process.exit(3)"],
  ["says something else", "console.log('no JSON')"],
])("a program that %s costs the facts and no more, and is told", async (_how, script) => {
  const { facts, troubles } = await ask(script);
  expect(facts).toEqual(none);
  expect(troubles).toHaveLength(1);
});
