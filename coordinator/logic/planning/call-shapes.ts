import { type DispatchRoute, routeOf } from "../../../shared/domain/placements/smart-dispatch.ts";
import type { Matrix } from "../sweep-spec.ts";
import { plainValues } from "./expand-terms.ts";

/** What one call carries. */
export interface CallShape {
  /** Samples per call of one instance. */
  readonly batch: number;
  /** As the file has it: with `split_batch` the batch of all instances. */
  readonly writtenBatch: number;
  /** Tokens. */
  readonly sequence: number;
}

const defaultBatch = 1;
/** The length at which the published charts compare most. */
const defaultSequence = 128;

/** Every shape of a matrix, batch by batch; null where there are more than `most`. */
export function callShapes(matrix: Matrix, most: number): readonly CallShape[] | null {
  const { batch_size: batchTerms, sequence_length: lengthTerms } = matrix.axes;
  const batches = batchTerms === undefined ? [defaultBatch] : plainValues(batchTerms);
  const lengths = lengthTerms === undefined ? [defaultSequence] : plainValues(lengthTerms);
  if (batches.length * lengths.length > most) return null;
  return batches.flatMap((batch) =>
    lengths.map((sequence) => ({
      batch: Number(batch),
      writtenBatch: Number(batch),
      sequence: Number(sequence),
    })),
  );
}

/** Those of one route of the smart dispatch; all for null. */
export function onRoute(
  calls: readonly CallShape[],
  route: DispatchRoute | null,
): readonly CallShape[] {
  return route === null ? calls : calls.filter((call) => routeOf(call.sequence) === route);
}
