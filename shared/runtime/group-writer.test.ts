import { expect, test } from "vitest";
import { GroupWriter } from "./group-writer.ts";

function setUp(maxItems = 100) {
  const groups: (readonly string[])[] = [];
  const ends: ((failure?: Error) => void)[] = [];
  const writer = new GroupWriter<string>({
    maxItems,
    write: (items) => {
      groups.push([...items]);
      return new Promise((resolve, reject) => {
        ends.push((failure) => (failure === undefined ? resolve() : reject(failure)));
      });
    },
  });
  return { writer, groups, end: (n: number, failure?: Error) => ends[n]?.(failure) };
}

/** Lets everything run that waits for nothing. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

test("what is added in one turn is one group, and what comes meanwhile is the next", async () => {
  const { writer, groups, end } = setUp();
  const first = ["a", "b"].map((item) => writer.add(item));
  await settle();
  const second = ["c", "d"].map((item) => writer.add(item));
  await settle();
  expect(groups).toEqual([["a", "b"]]);
  end(0);
  await Promise.all(first);
  await settle();
  expect(groups).toEqual([
    ["a", "b"],
    ["c", "d"],
  ]);
  end(1);
  await Promise.all(second);
  const third = writer.add("e");
  await settle();
  end(2);
  await third;
  expect(groups).toHaveLength(3);
});

test("nothing resolves before its group is written", async () => {
  const { writer, end } = setUp();
  let resolved = false;
  const added = writer.add("a").then(() => {
    resolved = true;
  });
  await settle();
  expect(resolved).toBe(false);
  end(0);
  await added;
});

test("a group that fails is told to all that are in it, and to nobody else", async () => {
  const { writer, groups, end } = setUp();
  const first = ["a", "b"].map((item) => writer.add(item));
  await settle();
  const second = writer.add("c");
  end(0, new Error("no space"));
  const ends = await Promise.allSettled(first);
  expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await settle();
  end(1);
  await second;
  expect(groups[1]).toEqual(["c"]);
});

test("a group holds no more than its bound", async () => {
  const { writer, groups, end } = setUp(2);
  const added = ["a", "b", "c", "d", "e"].map((item) => writer.add(item));
  for (const n of [0, 1, 2]) {
    await settle();
    end(n);
  }
  await Promise.all(added);
  expect(groups).toEqual([["a", "b"], ["c", "d"], ["e"]]);
});
