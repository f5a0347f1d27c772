import { expect, test } from "vitest";
import { redactMemoryDevice } from "./redact.ts";
import { parseMemoryDevice } from "./smbios.ts";

const strings = ["DIMM_A1", "BANK 0", "Maker", "SECRET1", "TAG42", "PART-1"];

/** A record of SMBIOS 2.8 with the given words at offsets. */
function makeRecord(words: Readonly<Record<number, number>>): Uint8Array {
  const header = new Uint8Array(0x28);
  header[0] = 17;
  header[1] = header.length;
  header.set([1, 2, 26], 0x10);
  header.set([3, 4, 5, 6], 0x17);
  const view = new DataView(header.buffer);
  for (const [offset, word] of Object.entries(words)) view.setUint16(Number(offset), word, true);
  return Uint8Array.from([...header, ...new TextEncoder().encode(`${strings.join("\0")}\0\0`)]);
}

const ddr4 = makeRecord({ 0x0c: 16_384, 0x15: 2933, 0x20: 2666 });

test("a memory device says its place, its maker, its size and its speeds", () => {
  expect(parseMemoryDevice(ddr4)).toEqual({
    locator: "DIMM_A1",
    bank: "BANK 0",
    manufacturer: "Maker",
    partNumber: "PART-1",
    sizeMiB: 16_384,
    speedMTs: 2933,
    configuredMTs: 2666,
    typeCode: 26,
  });
});

test("an unknown size is no size, an empty slot is 0, and large modules use the second field", () => {
  const sizeOf = (words: Readonly<Record<number, number>>): unknown =>
    parseMemoryDevice(makeRecord(words))?.sizeMiB;
  expect(sizeOf({ 0x0c: 0xffff })).toBeNull();
  expect(sizeOf({ 0x0c: 0 })).toBe(0);
  expect(sizeOf({ 0x0c: 0x7fff, 0x1c: 0, 0x1e: 2 })).toBe(131_072);
  expect(sizeOf({ 0x0c: 0x8000 + 2048 })).toBe(2);
});

test("a record that is cut off or of another type is no memory device", () => {
  expect(parseMemoryDevice(ddr4.subarray(0, 20))).toBeNull();
  expect(parseMemoryDevice(new Uint8Array(0))).toBeNull();
  expect(parseMemoryDevice(Uint8Array.from([16, ...ddr4.subarray(1)]))).toBeNull();
});

test("a redacted record has no serial number and no asset tag, and says everything else", () => {
  const redacted = redactMemoryDevice(ddr4);
  const text = String.fromCharCode(...redacted);
  expect(text).not.toContain("SECRET1");
  expect(text).not.toContain("TAG42");
  expect(parseMemoryDevice(redacted)).toEqual(parseMemoryDevice(ddr4));
});
