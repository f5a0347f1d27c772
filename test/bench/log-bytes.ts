import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type JetStreamManager } from "nats";
import { streamName } from "../../shared/bus/nats-stream.ts";
import { fleetsweep, startUp } from "../system/fleet.ts";

/**
 * `npm run bench:log`: what a sweep leaves behind, in bytes, by the kind of the log's entries: measures cells whose
 * calls differ by a factor of some hundred in time, reads every message back, and looks at the files.
 */
const sweep = `
name: bytes
axes:
  runner: onnxruntime
  model: [bert-tiny, bert-mini]
  batch_size: [1, 8]
  sequence_length: 32
  placement: one-socket
  cores: 1
method:
  precision: quick
  launches: 5
  min_seconds: 2
  max_seconds: 2
  warmup_max_seconds: 1
`;

const state = await mkdtemp(join(tmpdir(), "fleetsweep-log-bytes-"));
const up = await startUp(state);
try {
  const file = join(state, "bytes.yaml");
  await writeFile(file, sweep);
  const ran = await fleetsweep(state, "run", file);
  if (ran.code === 2 || ran.code === 3) throw new Error(ran.stderr);
  const nats = await connect(await findServer());
  const kinds = await readKinds(await nats.jetstreamManager());
  await nats.close();
  for (const [kind, sizes] of kinds) {
    process.stdout.write(`${kind.padEnd(22)} n ${sizes.length}  bytes ${range(sizes)}\n`);
  }
} finally {
  up.child.kill("SIGINT");
  await up.ended;
}
for (const place of ["nats/jetstream", "coordinator", "agent"]) {
  process.stdout.write(
    `${place.padEnd(22)} ${await sizeOf(join(state, place))} bytes on the disk\n`,
  );
}
await rm(state, { recursive: true });

async function findServer(): Promise<{ servers: string; token: string }> {
  const names = await readdir(join(state, "nats"));
  const ports = names.find((name) => name.endsWith(".ports"));
  if (ports === undefined) throw new Error("the server has not said its ports");
  const { nats } = JSON.parse(await readFile(join(state, "nats", ports), "utf8")) as {
    readonly nats: readonly [string];
  };
  return { servers: nats[0], token: (await readFile(join(state, "nats.token"), "utf8")).trim() };
}

/** Sizes by kind; those of results by the order of magnitude of their samples. */
async function readKinds(manager: JetStreamManager): Promise<Map<string, number[]>> {
  const { state: stream } = await manager.streams.info(streamName);
  const kinds = new Map<string, number[]>();
  for (let seq = stream.first_seq; seq <= stream.last_seq; seq++) {
    const message = await manager.streams.getMessage(streamName, { seq });
    const text = message.string();
    const samples = /"samples":\{"encoding":"[^"]*","count":(\d+)/.exec(text)?.[1];
    const magnitude = samples === undefined ? "" : ` 10^${samples.length - 1} samples`;
    const kind = `${message.subject.split(".")[4] ?? ""}${magnitude}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), text.length + message.subject.length]);
  }
  return kinds;
}

function range(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  return `${sorted[Math.floor(sorted.length / 2)]} (${sorted[0]} to ${sorted.at(-1)})`;
}

async function sizeOf(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}
