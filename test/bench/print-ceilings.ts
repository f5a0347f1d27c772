import {
  measureAppends,
  measureCodec,
  measureFold,
  measureGrpcMessages,
  measureProjection,
  measureRawPublishes,
  measureReads,
  withNatsServer,
} from "./ceilings.ts";
import { measurePipeline } from "./pipeline.ts";
import { describeRates, describeRatios, type Rate } from "./rate.ts";

/** How often each is measured, `-- N`; each in turn, so that a busy moment of the machine hits all alike. */
const rounds = Number(process.argv[2] ?? 5);
const messages = 10_000;
/** Cells that the whole product is given: some seconds of work. */
const cells = 16_384;

const rates = new Map<string, Rate[]>();
for (let round = 0; round < rounds; round += 1) {
  const measured = await withNatsServer(async (url) => [
    await measureRawPublishes(url, messages),
    await measureAppends(url, messages),
    await measureReads(url),
  ]);
  // A log of its own each: the product folds all that stands in one.
  for (const agents of [1, 2]) {
    measured.push(await withNatsServer((url) => measurePipeline(url, { cells, agents })));
  }
  measured.push(
    await measureGrpcMessages(messages),
    await measureCodec(messages),
    await measureFold(messages),
    await measureProjection(messages, 256),
    await measureProjection(512, 1),
  );
  for (const rate of measured) rates.set(rate.what, [...(rates.get(rate.what) ?? []), rate]);
}
const lines = [
  "| what | n × runs | per second | CPU µs each |",
  "| --- | --- | --- | --- |",
  ...[...rates.values()].map(describeRates),
  "",
  "| ratio, round by round | n | median | range |",
  "| --- | --- | --- | --- |",
  ...[...rates.values()]
    .filter(([first]) => !isPipeline(first))
    .map((of) => describeRatios(pipelineRates(), of)),
];
process.stdout.write(`${lines.join("\n")}\n`);

function pipelineRates(): Rate[] {
  return [...rates.values()].find(([first]) => isPipeline(first)) ?? [];
}

function isPipeline(rate: Rate | undefined): boolean {
  return rate?.what.startsWith("cells through") ?? false;
}
