import { streamElement, streamKey } from "./seeded.ts";
import { vocabularySize } from "./sizes.ts";

/** Row-major [batch, sequence]. */
export interface BertInputs {
  readonly inputIds: BigInt64Array;
  readonly attentionMask: BigInt64Array;
  readonly tokenTypeIds: BigInt64Array;
}

/** Seeded tokens at full length: nothing is padded, for padding would be work that counts as none. */
export function makeInputs(batchSize: number, sequenceLength: number, seed: number): BertInputs {
  const count = batchSize * sequenceLength;
  const key = streamKey(seed, "inputs.ids");
  const inputIds = new BigInt64Array(count);
  for (let i = 0; i < count; i++) inputIds[i] = BigInt(streamElement(key, i) % vocabularySize);
  return {
    inputIds,
    attentionMask: new BigInt64Array(count).fill(1n),
    tokenTypeIds: new BigInt64Array(count),
  };
}
