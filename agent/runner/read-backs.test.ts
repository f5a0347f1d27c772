import { expect, test } from "vitest";
import { fakeHostFiles } from "../../shared/testing/host-files.ts";
import { readAffinity } from "./affinity.ts";
import { makeLineReader, makeTail } from "./line-reader.ts";
import { locality, parseNumaMaps } from "./numa-maps.ts";

test("every thread's affinity is read, and PUs outside of the plan are named", async () => {
  const files = fakeHostFiles({
    "/proc/9/task/9/status": "Name:\tx\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n",
    "/proc/9/task/10/status": "Cpus_allowed_list:\t1,4-5\n",
  });
  expect(await readAffinity(files, 9, [0, 1])).toEqual({
    threads: 2,
    allowedPus: [0, 1, 4, 5],
    strayPus: [4, 5],
    soloPus: [],
  });
  expect(await readAffinity(files, 9, [0, 1, 4, 5])).toEqual({
    threads: 2,
    allowedPus: [0, 1, 4, 5],
    strayPus: [],
    soloPus: [],
  });
});

test("the affinity of a process that is gone is unknown, not empty", async () => {
  expect(await readAffinity(fakeHostFiles({}), 9, [0])).toBeNull();
});

const numaMaps = `7f00 bind:1 anon=300 dirty=300 N0=100 N1=200 kernelpagesize_kB=4
7f10 bind:1 anon=2 dirty=2 N1=2 kernelpagesize_kB=2048
7f20 default file=/lib/x.so mapped=50 N0=50 kernelpagesize_kB=4
7f30 default
garbage N=3 N2=x`;

test("bytes by NUMA node count pages by their own size and leave files out", () => {
  const bytes = parseNumaMaps(numaMaps);
  expect(bytes.get(0)).toBe(100 * 4_096);
  expect(bytes.get(1)).toBe(200 * 4_096 + 2 * 2_097_152);
  expect(bytes.has(2)).toBe(false);
});

test("locality is a share of the bytes, and null where there are none", () => {
  const bytes = parseNumaMaps(numaMaps);
  expect(locality(bytes, [1])).toBeCloseTo(5_013_504 / 5_423_104);
  expect(locality(bytes, [0, 1])).toBe(1);
  expect(locality(new Map(), [0])).toBeNull();
  expect(locality(bytes, [])).toBeNull();
});

test("lines are cut wherever chunks end, also inside of a character", () => {
  const lines: string[] = [];
  const read = makeLineReader(
    100,
    (line) => lines.push(line),
    () => expect.fail(),
  );
  const bytes = Buffer.from("näh\nzwei\n\ndrei");
  for (let i = 0; i < bytes.length; i++) read(bytes.subarray(i, i + 1));
  read(Buffer.from("\n"));
  expect(lines).toEqual(["näh", "zwei", "", "drei"]);
});

test("a line that does not end is given up once, and what follows is not read", () => {
  let overflows = 0;
  const lines: string[] = [];
  const read = makeLineReader(
    10,
    (line) => lines.push(line),
    () => overflows++,
  );
  for (let i = 0; i < 5; i++) read(Buffer.from("abcdef"));
  read(Buffer.from("\nlater\n"));
  expect(overflows).toBe(1);
  expect(lines).toEqual([]);
});

test("a tail keeps the end", () => {
  const tail = makeTail(5);
  tail.push("abc");
  tail.push("defg");
  expect(tail.read()).toBe("cdefg");
});
