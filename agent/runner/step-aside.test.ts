import { expect, test } from "vitest";
import { fakeHostFiles } from "../../shared/testing/host-files.ts";
import { stepAside } from "./step-aside.ts";

/** Four cores with two hardware threads each, 0 and 4 on the first. */
function host(allowed: string, succeeds = true) {
  const bound: string[] = [];
  const siblings = [0, 1, 2, 3, 4, 5, 6, 7].map((pu) => [
    `/sys/devices/system/cpu/cpu${pu}/topology/thread_siblings_list`,
    `${pu % 4},${(pu % 4) + 4}\n`,
  ]);
  const files = fakeHostFiles({
    "/proc/7/status": `Name:\tnode\nCpus_allowed_list:\t${allowed}\n`,
    ...(Object.fromEntries(siblings) as Record<string, string>),
  });
  const bindTo = (pus: string): Promise<boolean> => {
    bound.push(pus);
    return Promise.resolve(succeeds);
  };
  return { bound, files, own: { pid: 7, bindTo } };
}

test("the agent leaves the measured cores with all their hardware threads, and comes back", async () => {
  const { files, own, bound } = host("0-7");
  const aside = await stepAside(files, own, [0, 1]);
  expect(aside.isAside).toBe(true);
  await aside.comeBack();
  expect(bound).toEqual(["2-3,6-7", "0-7"]);
});

test("where only the other hardware threads are left, it takes those", async () => {
  const { files, own, bound } = host("0-7");
  expect((await stepAside(files, own, [0, 1, 2, 3])).isAside).toBe(true);
  expect(bound).toEqual(["4-7"]);
});

test("where the launch takes every PU it stays, and says so", async () => {
  const { files, own, bound } = host("0-1");
  expect((await stepAside(files, own, [0, 1])).isAside).toBe(false);
  expect(bound).toEqual([]);
});

test("an agent that an operator has bound elsewhere is aside already", async () => {
  const { files, own, bound } = host("3");
  expect((await stepAside(files, own, [0])).isAside).toBe(true);
  expect(bound).toEqual([]);
});

test("without taskset, or where /proc does not say, it stays", async () => {
  const failing = host("0-7", false);
  expect((await stepAside(failing.files, failing.own, [0])).isAside).toBe(false);
  const { own } = host("0-7");
  expect((await stepAside(fakeHostFiles({}), own, [0])).isAside).toBe(false);
});
