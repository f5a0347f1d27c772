// Does a launch of the fleet see what a 30-line script sees? The same model, inputs, threads and PU: while a launch
// measures its cells, the script has a turn before each of them and one after the last, so that every cell lies
// between two turns of its own length. The process that was started first is slower here, whichever it is, so that
// two launches, one in each order, make one round. `npm run bench:fidelity [-- MINUTES]`; results go into README.md beside.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "../../../shared/stats/quantile.ts";
import { measureLaunch, orders, type Pair, turns, type Workload } from "./measure-launch.ts";
import type { Timing } from "./plain-script.ts";
import { type CenterInterval, signedRankInterval } from "./signed-rank.ts";

const minutes = Number(process.argv[2] ?? 11);
/** Where a verdict of the fleet calls a launch void for others' load; of either side's turns alike. */
const mostTaken = 0.05;
/** The interval's half width at which a workload is left alone. */
const goal = 0.015;
const fewestRounds = 10;
const mostFailures = 5;
const workloads: readonly Workload[] = [
  { runner: "onnxruntime", model: "bert-mini", batch: 1, sequence: 32 },
  { runner: "pytorch", model: "bert-mini", batch: 1, sequence: 32 },
];

interface Found {
  readonly workload: Workload;
  /** Of every round with pairs in both orders that nobody disturbed, from such pairs. */
  readonly rounds: Means[];
  /** Of every round, from all of its pairs. */
  readonly unsifted: Means[];
  readonly pairs: { all: number; kept: number };
}

/** Over the pairs of one launch, or over both launches of a round; of logarithms. */
interface Means {
  readonly script: number;
  readonly fleet: number;
  readonly cpuRatio: number;
}

/** The mean of both orders, whatever is left of each; null where nothing is left of one. */
function toRound(launches: readonly (readonly Pair[])[]): Means | null {
  if (launches.some(({ length }) => length === 0)) return null;
  const means = launches.map(toMeans);
  const middle = (pick: (launch: Means) => number): number =>
    means.reduce((sum, launch) => sum + pick(launch), 0) / means.length;
  return {
    script: middle(({ script }) => script),
    fleet: middle(({ fleet }) => fleet),
    cpuRatio: middle(({ cpuRatio }) => cpuRatio),
  };
}

function toMeans(pairs: readonly Pair[]): Means {
  const mean = (pick: (pair: Pair) => number): number =>
    pairs.reduce((sum, pair) => sum + pick(pair), 0) / pairs.length;
  const between = ({ before, after }: Pair, pick: (timing: Timing) => number): number =>
    (Math.log(pick(before)) + Math.log(pick(after))) / 2;
  const ns = ({ medianNs }: Timing): number => medianNs;
  const cpu = ({ cpuNsPerCall }: Timing): number => cpuNsPerCall;
  return {
    script: mean((pair) => between(pair, ns)),
    fleet: mean(({ fleet }) => Math.log(ns(fleet))),
    cpuRatio: mean((pair) => Math.log(cpu(pair.fleet)) - between(pair, cpu)),
  };
}

const isQuiet = ({ before, fleet, after }: Pair): boolean =>
  [before, fleet, after].every((timing) => timing.takenShare <= mostTaken);

const intervalOf = (rounds: readonly Means[]): CenterInterval | null =>
  signedRankInterval(rounds.map(({ fleet, script }) => fleet - script));

function halfWidth({ rounds }: Found): number {
  const interval = intervalOf(rounds);
  return interval === null ? Number.POSITIVE_INFINITY : (interval.high - interval.low) / 2;
}

/** Whichever is known the least, in turns until all have some; null where all are known well enough. */
function nextOf(all: readonly Found[]): Found | null {
  const [fewest] = [...all].sort((a, b) => a.pairs.all - b.pairs.all);
  if (fewest === undefined || fewest.unsifted.length < fewestRounds) return fewest ?? null;
  const [widest] = [...all].sort((a, b) => halfWidth(b) - halfWidth(a));
  return widest !== undefined && halfWidth(widest) > goal ? widest : null;
}

function toRow(found: Found): string {
  const { workload, rounds, unsifted, pairs } = found;
  const { runner, model, batch, sequence } = workload;
  const middle = (values: readonly number[], unit: number): string =>
    values.length === 0 ? "–" : (Math.exp(median(values)) / unit).toFixed(3);
  const medians = [rounds.map(({ script }) => script), rounds.map(({ fleet }) => fleet)];
  const columns = [
    `${runner} ${model} fp32 ${batch} × ${sequence}`,
    `${rounds.length} × ${orders.length} × ${turns.pairs}`,
    ...medians.map((values) => middle(values, 1e6)),
    describe(intervalOf(rounds)),
    middle(
      rounds.map(({ cpuRatio }) => cpuRatio),
      1,
    ),
    `${pairs.all - pairs.kept} of ${pairs.all}`,
    describe(intervalOf(unsifted)),
  ];
  return `| ${columns.join(" | ")} |`;
}

function describe(interval: CenterInterval | null): string {
  if (interval === null) return "–";
  const { estimate, low, high } = interval;
  const [middle, least, most] = [estimate, low, high].map((value) => Math.exp(value).toFixed(3));
  return `${middle}, ${least} to ${most}`;
}

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const directory = mkdtempSync(join(tmpdir(), "fidelity-"));
const all: readonly Found[] = workloads.map((workload) => ({
  workload,
  rounds: [],
  unsifted: [],
  pairs: { all: 0, kept: 0 },
}));
let failures = 0;

/** A round that fails is none, and no reason to lose the others; many of them are. */
function forgive(error: unknown): null {
  failures += 1;
  if (failures > mostFailures) throw error;
  process.stderr.write(`${String(error)}\n`);
  return null;
}

async function measureRound(workload: Workload): Promise<readonly (readonly Pair[])[]> {
  const launches: (readonly Pair[])[] = [];
  for (const order of orders) launches.push(await measureLaunch(workload, directory, order));
  return launches;
}

function add(found: Found, launches: readonly (readonly Pair[])[]): void {
  const quiet = launches.map((pairs) => pairs.filter(isQuiet));
  found.pairs.all += launches.flat().length;
  found.pairs.kept += quiet.flat().length;
  const [sifted, unsifted] = [toRound(quiet), toRound(launches)];
  if (sifted !== null) found.rounds.push(sifted);
  if (unsifted !== null) found.unsifted.push(unsifted);
}

const deadline = performance.now() + minutes * 60_000;
try {
  for (let found = nextOf(all); found !== null; found = nextOf(all)) {
    if (performance.now() > deadline) break;
    const launches = await measureRound(found.workload).catch(forgive);
    if (launches === null) continue;
    add(found, launches);
    process.stderr.write(`${toRow(found)}\n`);
  }
} finally {
  rmSync(directory, { recursive: true });
}
print(`turns of ${turns.seconds} s on one PU; ratios are fleet to script`);
print(
  "| workload | rounds × orders × pairs | script, ms | fleet, ms | ratio, 95 % interval | CPU time ratio | disturbed pairs | ratio of all pairs |",
);
print("| --- | --- | --- | --- | --- | --- | --- | --- |");
for (const found of all) print(toRow(found));
