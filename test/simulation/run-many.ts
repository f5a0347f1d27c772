import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const sumKeys = ["actions", "entries", "launches", "rollbacks", "simulatedMs"] as const;
/** What a run of many seeds adds up. */
export type Sums = Record<(typeof sumKeys)[number], number>;

export function zeroSums(): Sums {
  return { actions: 0, entries: 0, launches: 0, rollbacks: 0, simulatedMs: 0 };
}

export function addTo(sums: Sums, more: Readonly<Sums>): void {
  for (const key of sumKeys) sums[key] += more[key];
}

export interface Piece {
  readonly from: number;
  readonly seeds: number;
  readonly without: readonly string[];
  /** Goes on behind a seed that fails. */
  readonly keep: boolean;
}

/** What a piece says of itself when it is over. */
export interface PieceReport {
  readonly sums: Sums;
  readonly failures: readonly { readonly seed: number; readonly violation: string }[];
}

const program = fileURLToPath(new URL("piece.ts", import.meta.url));
/** So few that a piece's memory stays small, so many that starting it costs little. */
const pieceSeeds = 250;

export interface ManyOptions extends Piece {
  /** Pieces that run at one time. */
  readonly parallel: number;
  readonly onPiece: (piece: Piece, report: PieceReport) => void;
}

/** Seeds in pieces, each in a program of its own; without `keep` none is begun after one that failed. */
export async function runMany({ parallel, onPiece, ...all }: ManyOptions): Promise<void> {
  let next = all.from;
  const end = all.from + all.seeds;
  let failed = false;
  const work = async (): Promise<void> => {
    while (next < end && (all.keep || !failed)) {
      const piece = { ...all, from: next, seeds: Math.min(pieceSeeds, end - next) };
      next += piece.seeds;
      const report = await runApart(piece);
      failed ||= report.failures.length > 0;
      onPiece(piece, report);
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
}

async function runApart(piece: Piece): Promise<PieceReport> {
  const child = fork(program);
  child.send(piece);
  const [first] = (await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code, signal]) => {
      throw new Error(`seeds from ${piece.from}: their program ended with ${code ?? signal}`);
    }),
  ])) as [PieceReport];
  return first;
}
