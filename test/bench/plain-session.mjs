// What a careful person would write by hand to time a model, as the yardstick of `bench:fidelity`:
//   taskset -c PU node plain-session.mjs MODEL.onnx INPUTS.json SECONDS THREADS
import { readFileSync } from "node:fs";
import { InferenceSession, Tensor } from "onnxruntime-node";

const [model, inputs, seconds, threads] = process.argv.slice(2);
const session = await InferenceSession.create(model, {
  intraOpNumThreads: Number(threads),
  interOpNumThreads: 1,
});
const feeds = {};
for (const [name, { dims, data }] of Object.entries(JSON.parse(readFileSync(inputs, "utf8")))) {
  feeds[name] = new Tensor("int64", BigInt64Array.from(data, BigInt), dims);
}
const runFor = async (ms) => {
  const durations = [];
  const end = process.hrtime.bigint() + BigInt(Math.round(ms * 1e6));
  while (process.hrtime.bigint() < end) {
    const before = process.hrtime.bigint();
    await session.run(feeds);
    durations.push(Number(process.hrtime.bigint() - before));
  }
  return durations;
};
await runFor(1_000);
const cpuBefore = process.cpuUsage();
const durations = (await runFor(Number(seconds) * 1_000)).sort((a, b) => a - b);
const cpu = process.cpuUsage(cpuBefore);
const cpuNsPerCall = ((cpu.user + cpu.system) * 1_000) / durations.length;
const at = (p) => durations[Math.floor(durations.length * p)];
process.stdout.write(JSON.stringify({ medianNs: at(0.5), p10Ns: at(0.1), cpuNsPerCall }));
