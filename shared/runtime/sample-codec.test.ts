import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bucketOf, bucketValue } from "../stats/histogram.ts";
import { decodeVarints, encodeVarints } from "../stats/varint.ts";
import { decodeSamples, encodeSamples, sampleBudget } from "./sample-codec.ts";

const duration = fc.oneof(
  fc.integer({ min: 0, max: 5_000_000 }),
  fc.maxSafeInteger().map((value) => Math.floor(Math.abs(value) / 2)),
);
const durations = fc.array(duration, { minLength: 1, maxLength: 200 });

test("samples come back as they were, in their order", () => {
  fc.assert(
    fc.property(durations, (values) => {
      const encoded = encodeSamples(values);
      expect(encoded.encoding).toBe("delta-varint-deflate-base64");
      expect(decodeSamples(encoded)).toEqual(values);
    }),
  );
});

test("what does not fit becomes a histogram that is within 0.1 % and says so", () => {
  fc.assert(
    fc.property(durations, (values) => {
      const encoded = encodeSamples(values, 0);
      expect(encoded.encoding).toBe("hdr-3-digits");
      const sorted = [...values].sort((a, b) => a - b);
      for (const [i, value] of decodeSamples(encoded).entries()) {
        expect(Math.abs(value - (sorted[i] ?? 0))).toBeLessThanOrEqual((sorted[i] ?? 0) * 0.001);
      }
    }),
  );
});

test("10 000 samples of a steady cell stay far below the bound", () => {
  const values = Array.from({ length: 10_000 }, (_, i) => 4_000_000 + ((i * 7_919) % 100_003));
  expect(encodeSamples(values).data.length).toBeLessThan(64 * 1_024);
});

test("the samples of many instances fit into one result, and those of few stay lossless", () => {
  // Calls whose last digits are noise: what packs worst.
  let state = 1;
  const noise = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state % 400_000;
  };
  const values = Array.from({ length: 10_000 }, () => 1_000_000 + noise());
  for (const [instances, encoding] of [
    [1, "delta-varint-deflate-base64"],
    [64, "delta-varint-deflate-base64"],
    [1_376, "hdr-3-digits"],
  ] as const) {
    const encoded = encodeSamples(values, sampleBudget(instances));
    expect(encoded.encoding).toBe(encoding);
    expect(encoded.data.length * instances).toBeLessThan(7 * 1_024 * 1_024);
  }
});

test("buckets cover every number once and in order", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger().map(Math.abs), (value) => {
      const bucket = bucketOf(value);
      expect(bucketOf(bucketValue(bucket))).toBe(bucket);
      expect(bucketOf(value + 1)).toBeGreaterThanOrEqual(bucket);
      expect(bucketOf(value + 1)).toBeLessThanOrEqual(bucket + 1);
    }),
  );
});

test("varints hold every safe whole number", () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeInteger().map(Math.abs)), (values) => {
      expect(decodeVarints(encodeVarints(values))).toEqual(values);
    }),
  );
});

test.each([
  ["no base64", "%%%"],
  ["no deflated data", Buffer.from("hello").toString("base64")],
  ["cut in a number", deflateSync(Buffer.from([0x80])).toString("base64")],
  ["a number past 2^53", deflateSync(Buffer.alloc(9, 0xff)).toString("base64")],
])("damaged samples are refused: %s", (_, data) => {
  for (const encoding of ["delta-varint-deflate-base64", "hdr-3-digits"] as const) {
    expect(() => decodeSamples({ encoding, count: 2, data })).toThrow(RangeError);
  }
});

test("a record that holds another number of samples than it says is refused", () => {
  for (const maxLength of [undefined, 0]) {
    const encoded = encodeSamples([1, 2, 3], maxLength);
    for (const count of [2, 4, 2 ** 40]) {
      expect(() => decodeSamples({ ...encoded, count })).toThrow(RangeError);
    }
  }
});

test("a small text cannot unfold to a large memory", () => {
  const bomb = deflateSync(Buffer.alloc(64 * 1_024 * 1_024)).toString("base64");
  const encoded = { encoding: "delta-varint-deflate-base64", count: 2, data: bomb } as const;
  expect(() => decodeSamples(encoded)).toThrow(RangeError);
});
