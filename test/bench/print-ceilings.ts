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
import { describeRates, type Rate } from "./rate.ts";

/** How often each is measured; each in turn, so that a busy moment of the machine hits all alike. */
const rounds = 5;
const messages = 10_000;

const rates = new Map<string, Rate[]>();
for (let round = 0; round < rounds; round += 1) {
  const measured = await withNatsServer(async (url) => [
    await measureRawPublishes(url, messages),
    await measureAppends(url, messages),
    await measureReads(url),
  ]);
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
  "| what | n × runs | median /s | range |",
  "| --- | --- | --- | --- |",
  ...[...rates.values()].map(describeRates),
];
process.stdout.write(`${lines.join("\n")}\n`);
