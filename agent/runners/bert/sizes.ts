/** An encoder as BERT has it: post-layer-norm, erf GELU, heads of 64, intermediate size 4 × hidden. */
export interface BertSize {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
}

/** The published sizes, by the names under which sweep files ask for them. */
export const bertSizes: Readonly<Record<string, BertSize>> = {
  "bert-tiny": { layers: 2, hidden: 128, heads: 2 },
  "bert-mini": { layers: 4, hidden: 256, heads: 4 },
  "bert-small": { layers: 4, hidden: 512, heads: 8 },
  "bert-medium": { layers: 8, hidden: 512, heads: 8 },
  "bert-base": { layers: 12, hidden: 768, heads: 12 },
  "bert-large": { layers: 24, hidden: 1024, heads: 16 },
};

/**
 * Tokens of the built-in models' vocabulary. The published models have 30 522; a forward call reads
 * only the rows of its tokens, so the size moves the load time and the memory, not the latency.
 */
export const vocabularySize = 1_024;

export const maxSequenceLength = 512;

export const tokenTypes = 2;

/** The epsilon of BERT's layer normalisation. */
export const layerNormEpsilon = 1e-12;

/** Raised whenever the same cell would be computed otherwise: graph, weights or inputs. */
export const encoderVersion = "1";
