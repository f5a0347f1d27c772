/**
 * Seeded numbers that any language with 32-bit unsigned arithmetic makes the same, element by element
 * and so in vector form: element i of the stream `name` is murmur3's finaliser over
 * key + i × 0x9E3779B9 (mod 2^32), where key is the 32-bit FNV-1a of the text `seed/name`.
 */
export function streamKey(seed: number, name: string): number {
  let hash = 0x811c9dc5;
  for (const character of `${seed}/${name}`) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  }
  return hash >>> 0;
}

/** Element `index` of a stream: an unsigned 32-bit integer. */
export function streamElement(key: number, index: number): number {
  let x = (key + Math.imul(index, 0x9e3779b9)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/**
 * `count` floats spread evenly over center ± reach: center + reach × (2 (x + 0.5) / 2^32 − 1) in double
 * precision, then rounded to single.
 */
export function uniformFloats(key: number, count: number, reach: number, center = 0): Float32Array {
  const values = new Float32Array(count);
  const scale = (2 * reach) / 2 ** 32;
  const offset = center - reach;
  // As streamElement, in place: a large model takes 3 × 10^8 of them.
  for (let i = 0; i < count; i++) {
    let x = (key + Math.imul(i, 0x9e3779b9)) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    values[i] = offset + scale * (((x ^ (x >>> 16)) >>> 0) + 0.5);
  }
  return values;
}
