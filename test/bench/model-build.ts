// What building a model from its seed costs a launch, against a session's own load.
// `npm run bench:models [-- MODEL …]`; results go into README.md beside.
import { InferenceSession } from "onnxruntime-node";
import { bertSizes } from "../../agent/runners/bert/sizes.ts";
import { buildEncoder } from "../../agent/runners/onnxruntime/encoder-graph.ts";

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

/** CPU time of this process, in seconds: a busy machine stretches it least. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const asked = process.argv.slice(2);
const names = asked.length > 0 ? asked : Object.keys(bertSizes);
print("| model | dtype | file, MB | build, CPU s | session, CPU s |");
print("| --- | --- | --- | --- | --- |");
for (const name of names) {
  const size = bertSizes[name];
  if (size === undefined) throw new Error(`no model ${name}`);
  for (const dtype of ["fp32", "int8"] as const) {
    const before = cpuSeconds();
    const bytes = buildEncoder(size, dtype, 1);
    const built = cpuSeconds();
    const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1 });
    const loaded = cpuSeconds();
    await session.release();
    const columns = [name, dtype, (bytes.length / 1e6).toFixed(0)];
    print(
      `| ${[...columns, (built - before).toFixed(2), (loaded - built).toFixed(2)].join(" | ")} |`,
    );
  }
}
