import fc from "fast-check";
import { expect, test } from "vitest";
import { formatBytes, layOut, makePaint, printable } from "./text-layout.ts";

test("no line is wider than asked, and no word is lost", () => {
  const items = fc.array(fc.string({ unit: fc.constantFrom("a", "b", ",", " "), maxLength: 60 }));
  fc.assert(
    fc.property(items, fc.integer({ min: 20, max: 100 }), (pieces, width) => {
      const lines = layOut("label  ", pieces, { width });
      expect(lines.filter((line) => line.length > width)).toEqual([]);
      const letters = (text: string): string => text.replaceAll(/[ ,]/g, "");
      expect(letters(lines.join(""))).toBe(letters(`label${pieces.join("")}`));
    }),
  );
});

test("bytes are shown in the largest unit with three digits at most", () => {
  expect([0, 512, 49_152, 1_310_720, 67_641_540_608, 2_164_663_517_184].map(formatBytes)).toEqual([
    "0 B",
    "512 B",
    "48 KiB",
    "1.25 MiB",
    "63 GiB",
    "1.97 TiB",
  ]);
});

test("text of a host cannot move the cursor of a terminal", () => {
  expect(printable("Xeon\u001b[2J\r\u202eevil\u009b")).toBe("Xeon?[2J??evil?");
});

test("without colour text stays as it is", () => {
  expect(makePaint(false)("red", "x")).toBe("x");
  expect(makePaint(true)("bold", "x")).toBe("\u001b[1mx\u001b[0m");
});
