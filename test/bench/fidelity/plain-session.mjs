// What a careful person would write by hand to time a model, as the yardstick of `bench:fidelity`:
//   taskset -c PU node plain-session.mjs MODEL.onnx INPUTS.json THREADS
// Every line on stdin is a number of seconds to time for; the answer is a line of JSON.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { InferenceSession, Tensor } from "onnxruntime-node";

const [model, inputs, threads] = process.argv.slice(2);
const session = await InferenceSession.create(model, {
  intraOpNumThreads: Number(threads),
  interOpNumThreads: 1,
});
const feeds = {};
for (const [name, { dims, data }] of Object.entries(JSON.parse(readFileSync(inputs, "utf8")))) {
  feeds[name] = new Tensor("int64", BigInt64Array.from(data, BigInt), dims);
}
for await (const seconds of createInterface({ input: process.stdin })) {
  const durations = [];
  const cpuBefore = process.cpuUsage();
  const end = process.hrtime.bigint() + BigInt(Math.round(Number(seconds) * 1e9));
  while (process.hrtime.bigint() < end) {
    const before = process.hrtime.bigint();
    await session.run(feeds);
    durations.push(Number(process.hrtime.bigint() - before));
  }
  const cpu = process.cpuUsage(cpuBefore);
  durations.sort((a, b) => a - b);
  const medianNs = durations[Math.floor(durations.length / 2)];
  const cpuNsPerCall = ((cpu.user + cpu.system) * 1_000) / durations.length;
  process.stdout.write(`${JSON.stringify({ medianNs, cpuNsPerCall })}\n`);
}
