/**
 * Whole numbers up to 2^53 as little-endian groups of 7 bits, the high bit saying that more follow
 * (LEB128). Divisions rather than shifts, for shifts stop at 32 bits.
 */
export function encodeVarints(values: Iterable<number>): Uint8Array {
  const bytes: number[] = [];
  for (let value of values) {
    while (value >= 0x80) {
      bytes.push((value % 0x80) | 0x80);
      value = Math.floor(value / 0x80);
    }
    bytes.push(value);
  }
  return Uint8Array.from(bytes);
}

/** The reverse of {@link encodeVarints}. @throws RangeError on a cut or too long number. */
export function decodeVarints(bytes: Uint8Array): number[] {
  const values: number[] = [];
  let value = 0;
  let unit = 1;
  for (const byte of bytes) {
    value += (byte & 0x7f) * unit;
    if (value > Number.MAX_SAFE_INTEGER) throw new RangeError("a varint passes 2^53");
    if (byte >= 0x80) {
      unit *= 0x80;
      continue;
    }
    values.push(value);
    value = 0;
    unit = 1;
  }
  if (unit !== 1) throw new RangeError("the last varint is cut off");
  return values;
}

/** Small magnitudes of either sign to small whole numbers: 0, −1, 1, −2 … to 0, 1, 2, 3 … */
export function toZigzag(value: number): number {
  return value >= 0 ? 2 * value : -2 * value - 1;
}

export function fromZigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
