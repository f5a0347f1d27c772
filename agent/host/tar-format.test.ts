import fc from "fast-check";
import { expect, test } from "vitest";
import { parseTar, writeTar } from "./tar-format.ts";
import { makeTarReader } from "./tar-tree.ts";

const names = fc.array(fc.stringMatching(/^[a-z0-9_]{1,30}$/), { minLength: 1, maxLength: 7 });

test("an archive gives back its files, with names up to the format's limit", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(names, fc.uint8Array({ maxLength: 2000 }))), (files) => {
      const members = files.map(([parts, bytes]) => ({ path: parts.join("/"), bytes }));
      const entries = [...parseTar(writeTar(members))].map((entry) =>
        entry.type === "file" ? { path: entry.path, bytes: Uint8Array.from(entry.bytes) } : entry,
      );
      expect(entries).toEqual(members);
    }),
  );
});

test("an archive that is cut off or damaged yields what stands before the damage", () => {
  const archive = writeTar([{ path: "a", bytes: new Uint8Array(700).fill(1) }, { path: "b" }]);
  fc.assert(
    fc.property(fc.nat(archive.length), fc.nat(255), (at, byte) => {
      const damaged = Uint8Array.from(archive);
      damaged[at] = byte;
      expect([...parseTar(damaged)].length).toBeLessThanOrEqual(3);
      expect([...parseTar(archive.subarray(0, at))].length).toBeLessThanOrEqual(2);
    }),
  );
});

test("a link in a captured tree is followed inside the tree, and a loop of links is an error", async () => {
  const link = (path: string, target: string): Uint8Array => {
    const header = Buffer.from(writeTar([{ path, bytes: new Uint8Array(0) }]).subarray(0, 512));
    header.write("2", 156, "latin1");
    header.write(target, 157, "latin1");
    return header;
  };
  const reader = makeTarReader(
    Buffer.concat([
      link("cpu/cpu0/cpufreq", "../policy0"),
      link("etc", "/cpu/policy0"),
      link("up", "../../../cpu/policy0"),
      link("loop", "loop"),
      writeTar([{ path: "cpu/policy0/governor", bytes: Buffer.from("performance\n") }]),
    ]),
  );
  const present = { state: "present", text: "performance\n" };
  expect(await reader.read("cpu/cpu0/cpufreq/governor")).toEqual(present);
  expect(await reader.read("etc/governor")).toEqual(present);
  expect(await reader.read("up/governor")).toEqual(present);
  expect(await reader.read("loop/governor")).toMatchObject({ state: "failed" });
  expect(await reader.read("cpu/policy0")).toMatchObject({ state: "failed" });
  expect(await reader.read("cpu/policy1/governor")).toEqual({ state: "absent" });
  expect(await reader.list("cpu/cpu0/cpufreq")).toEqual(["governor"]);
});
