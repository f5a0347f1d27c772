import { deflateSync, inflateSync } from "node:zlib";
import type { EncodedSamples } from "../domain/result.ts";
import { bucketOf, bucketValue } from "../stats/histogram.ts";
import { decodeVarints, encodeVarints, fromZigzag, toZigzag } from "../stats/varint.ts";

/** Characters of base64: what a result may spend on one instance's samples. */
const maxEncodedLength = 512 * 1_024;

/** And on those of all its instances: the bus takes 8 MiB with everything else that a result holds. */
const maxResultLength = 6 * 1_024 * 1_024;

/** Characters for each of the records of samples that one result holds. */
export function sampleBudget(records: number): number {
  return Math.min(maxEncodedLength, Math.floor(maxResultLength / Math.max(1, records)));
}

/** Samples of one record; a runner may take 200 000. */
const maxCount = 1_000_000;

/** Bytes that decoding may unfold to: a varint up to 2^53 takes 8. */
const maxDecodedBytes = 8 * maxCount;

/**
 * Durations in ns as text: losslessly where that fits {@link maxEncodedLength}, else as a histogram with
 * 3 significant digits, which loses the order. The result says which.
 */
export function encodeSamples(
  durationsNs: readonly number[],
  maxLength = maxEncodedLength,
): EncodedSamples {
  const count = durationsNs.length;
  const lossless = pack(encodeVarints(toDeltas(durationsNs)));
  if (lossless.length <= maxLength) {
    return { encoding: "delta-varint-deflate-base64", count, data: lossless };
  }
  return { encoding: "hdr-3-digits", count, data: pack(encodeVarints(toBuckets(durationsNs))) };
}

/**
 * Durations in ns: in the order of the calls, or ascending where only a histogram was kept.
 * @throws RangeError when the text is damaged or holds another number of samples than it says.
 */
export function decodeSamples({ encoding, count, data }: EncodedSamples): number[] {
  return decodeSampleBytes({ encoding, count, data: Buffer.from(data, "base64") });
}

/** {@link decodeSamples} of what its base64 stands for. */
export function decodeSampleBytes(record: {
  readonly encoding: EncodedSamples["encoding"];
  readonly count: number;
  readonly data: Uint8Array;
}): number[] {
  const { encoding, count, data } = record;
  if (count > maxCount) throw new RangeError(`a record of ${count} samples`);
  const bytes = unpack(data, count);
  const durations =
    encoding === "hdr-3-digits"
      ? fromBuckets(decodeVarints(bytes), count)
      : fromDeltas(decodeVarints(bytes));
  if (durations.length !== count) {
    throw new RangeError(`${durations.length} samples where the record says ${count}`);
  }
  return durations;
}

const leastChunk = 1_024;

function pack(bytes: Uint8Array): string {
  return deflateSync(bytes).toString("base64");
}

/** Most records are small: a buffer of the default 16 KiB for each would cost more than to decode it. */
function unpack(data: Uint8Array, count: number): Uint8Array {
  const chunkSize = Math.min(Math.max(8 * count, leastChunk), 16 * leastChunk);
  try {
    return inflateSync(data, { maxOutputLength: maxDecodedBytes, chunkSize });
  } catch (cause) {
    throw new RangeError("the samples are no deflated data", { cause });
  }
}

function* toDeltas(values: readonly number[]): Generator<number> {
  let previous = 0;
  for (const value of values) {
    yield toZigzag(value - previous);
    previous = value;
  }
}

function fromDeltas(deltas: readonly number[]): number[] {
  let value = 0;
  return deltas.map((delta) => {
    value += fromZigzag(delta);
    return value;
  });
}

/** Pairs of the distance to the last filled bucket and the count in this one. */
function* toBuckets(values: readonly number[]): Generator<number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(bucketOf(value), (counts.get(bucketOf(value)) ?? 0) + 1);
  let previous = 0;
  for (const bucket of [...counts.keys()].sort((a, b) => a - b)) {
    yield bucket - previous;
    yield counts.get(bucket) ?? 0;
    previous = bucket;
  }
}

function fromBuckets(pairs: readonly number[], count: number): number[] {
  if (pairs.length % 2 !== 0) throw new RangeError("a bucket without a count");
  const values: number[] = [];
  let bucket = 0;
  for (let i = 0; i < pairs.length; i += 2) {
    bucket += pairs[i] ?? 0;
    const filled = pairs[i + 1] ?? 0;
    if (values.length + filled > count) throw new RangeError("more samples than the record says");
    const value = bucketValue(bucket);
    for (let n = 0; n < filled; n++) values.push(value);
  }
  return values;
}
