import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { axes } from "../../shared/domain/axis.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { placementKinds } from "../../shared/domain/placement-kinds.ts";
import { parseSweepFile } from "./parse-sweep-file.ts";

const integers = fc.oneof(
  fc.integer({ min: 1, max: 4_096 }),
  fc.constantFrom("1..8", "4..64 step 4", "1..128 pow2", "1..48 divisors"),
);
const hostSized = fc.oneof(integers, fc.constantFrom("all", "pow2", "divisors", "1..all step 2"));
const names = placementKinds.map((kind) => kind.name.replace("K-", "3-").replace("LIST", "0-3"));

function axisValues(name: string): fc.Arbitrary<unknown> {
  const values = axes.find((axis) => axis.name === name)?.values;
  if (name === "placement") return fc.constantFrom(...names);
  if (values?.type === "words") return fc.constantFrom(...values.words);
  if (values?.type === "name") return fc.constantFrom(values.example, "my-own.model");
  if (name === "socket") return fc.integer({ min: 0, max: 255 });
  return values?.type === "integer" && values.hostSized ? hostSized : integers;
}

const someAxes = fc
  .record(
    Object.fromEntries(
      axes.map(({ name }) => {
        const one = axisValues(name);
        return [name, fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 4 }))];
      }),
    ),
    { requiredKeys: ["runner"] },
  )
  .map((record) => record as Record<string, unknown>);

const expressions = fc.constantFrom(
  "cores <= 8",
  'dtype == "int8" and not host.avx512_vnni',
  "batch_size * sequence_length % 2 == 0 or host.packages in [1, 2]",
  "(instances - 1) / 2 > 0.5",
);

const validFiles = fc.record(
  {
    name: fc.constantFrom("a", "my-sweep-1"),
    description: fc.string({ maxLength: 50 }),
    axes: someAxes,
    parameters: fc.dictionary(
      fc.constantFrom("arena", "graph_optimization"),
      fc.oneof(fc.boolean(), fc.integer(), fc.constantFrom("basic", "all")),
    ),
    include: fc.array(someAxes, { maxLength: 2 }),
    when: fc.oneof(expressions, fc.array(expressions, { minLength: 1, maxLength: 2 })),
    exclude: fc.record({ if: expressions, reason: fc.constant("because") }),
    split_batch: fc.boolean(),
    baselines: fc.subarray(["out-of-the-box", "optimized"]),
    hosts: fc.record(
      {
        where: fc.constantFrom("packages >= 2", 'label.rack == "r7" and amx_int8'),
        distribute: fc.constantFrom("replicate", "partition"),
        replicas: fc.integer({ min: 1, max: 5 }),
      },
      { requiredKeys: [] },
    ),
    method: fc.record(
      {
        precision: fc.constantFrom("smoke", "quick", "normal", "final"),
        launches: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.record({ min: fc.constant(3) })),
        min_seconds: fc.double({ min: 0.1, max: 10, noNaN: true }),
        max_calls: fc.integer({ min: 1, max: 1_000 }),
        seed: fc.nat(),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["axes"] },
);

/** What is wrong with a file, or null where it is a sweep file. Anything thrown but sweep.invalid is a bug. */
function problemsOf(text: string): string | null {
  try {
    parseSweepFile(text, "sweep.yaml");
    return null;
  } catch (error) {
    if (error instanceof FleetsweepError && error.code === "sweep.invalid") return error.message;
    throw error;
  }
}

const placed = /^sweep\.yaml:\d+:\d+: \S/m;

test("every file that the language allows is read", () => {
  fc.assert(
    fc.property(validFiles, (file) => {
      const text = stringify(file);
      expect({ text, problems: problemsOf(text) }).toEqual({ text, problems: null });
    }),
    { numRuns: 100 },
  );
});

/** Damages a text: cuts, repeats or replaces a part, anywhere. */
const damages = fc.array(
  fc.tuple(
    fc.nat(),
    fc.nat({ max: 30 }),
    fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.string({ unit: "binary", maxLength: 4 }),
      fc.constantFrom(
        "\t",
        "\n",
        ":",
        "- ",
        "[",
        "}",
        "&a ",
        "*a",
        "<<: *a",
        "!!js",
        "0",
        "-1",
        "~",
      ),
    ),
  ),
  { minLength: 1, maxLength: 4 },
);

test("a damaged file is read or refused with a place, never a crash", () => {
  let refused = 0;
  fc.assert(
    fc.property(validFiles, damages, (file, edits) => {
      let text = stringify(file);
      for (const [at, length, inserted] of edits) {
        const start = at % (text.length + 1);
        text = text.slice(0, start) + inserted + text.slice(start + length);
      }
      const problems = problemsOf(text);
      if (problems === null) return;
      refused += 1;
      expect(problems).toMatch(placed);
    }),
    { numRuns: 250 },
  );
  expect(refused).toBeGreaterThan(50);
});

test("any text at all is read or refused with a place", () => {
  const texts = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.string({ unit: "binary", maxLength: 300 }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      expect(problemsOf(text) ?? "sweep.yaml:1:1: read").toMatch(placed);
    }),
    { numRuns: 400 },
  );
});

test("structures of any kind under the known keys are refused with a place", () => {
  const file = fc.dictionary(
    fc.constantFrom("axes", "include", "when", "exclude", "hosts", "method", "baselines", "name"),
    fc.oneof(fc.anything(), fc.record({ runner: fc.anything(), cores: fc.anything() })),
  );
  fc.assert(
    fc.property(fc.jsonValue(), file, (value, keyed) => {
      for (const any of [value, JSON.parse(JSON.stringify(keyed)) as unknown]) {
        expect(problemsOf(stringify(any)) ?? "sweep.yaml:1:1: read").toMatch(placed);
      }
    }),
    { numRuns: 150 },
  );
});

const tenMegabytes = 10 * 1024 * 1024;
const attacks: readonly (readonly [string, string])[] = [
  ["an alias bomb", bomb()],
  ["ten megabytes of list", `axes: [${"1,".repeat(tenMegabytes / 2)}]`],
  ["ten megabytes of one word", "a".repeat(tenMegabytes)],
  ["100,000 open brackets", "[".repeat(100_000)],
  ["16,000 open maps", "{a: ".repeat(16_000)],
  ["100,000 dashes", "- ".repeat(100_000)],
  ["100,000 question marks", "? ".repeat(100_000)],
  ["ever deeper indentation", deepBlocks(600)],
  ["a map of 7,000 keys", Array.from({ length: 7_000 }, (_, key) => `k${key}: 1`).join("\n")],
  ["15,000 lists side by side", `axes: [${"[1],".repeat(15_000)}]`],
  ["5,000 anchors", Array.from({ length: 5_000 }, (_, key) => `- &a${key} 1`).join("\n")],
  ["an expression of brackets", `axes: {runner: a}\nwhen: "${"(".repeat(900)}"`],
  ["an expression of negations", `axes: {runner: a}\nwhen: "${"not ".repeat(200)}"`],
  ["a range without end", "axes: {runner: a, cores: 1..999999999}"],
  ["UTF-16 read as UTF-8", Buffer.from("axes: {runner: a}", "utf16le").toString("utf8")],
  ["a byte that is no UTF-8", Buffer.from([0x61, 0xff, 0x3a]).toString("utf8")],
  ["two documents", "axes: {runner: a}\n---\naxes: {runner: b}"],
  ["a tag", "axes: !!js/function {runner: a}"],
  ["a key twice", "axes: {runner: a}\naxes: {runner: b}"],
  ["a key that is a list", "? [a, b]\n: 1"],
  ["a prototype as key", "axes: {runner: a, __proto__: 1}\nconstructor: 2"],
  ["nothing", ""],
  ["only a comment", "# nothing"],
];

test.each(attacks)("%s is refused with a place", (_, text) => {
  expect(problemsOf(text)).toMatch(placed);
});

test("Windows line ends, a byte order mark and a few aliases are read", () => {
  expect(problemsOf("\uFEFFaxes:\r\n  runner: onnxruntime\r\n  cores: [1, all]\r\n")).toBeNull();
  const aliases = "axes: {runner: a, cores: &c [1, 2]}\ninclude: [{runner: b, cores: *c}]";
  expect(problemsOf(aliases)).toBeNull();
});

/** Nine lists of nine aliases of the one before: 9^9 values. */
function bomb(): string {
  const lines = ["a: &a [x, x, x, x, x, x, x, x, x]"];
  for (let level = 1; level < 9; level += 1) {
    const before = String.fromCharCode(96 + level);
    const own = String.fromCharCode(97 + level);
    lines.push(`${own}: &${own} [${Array.from({ length: 9 }, () => `*${before}`).join(", ")}]`);
  }
  return lines.join("\n");
}

function deepBlocks(depth: number): string {
  return Array.from({ length: depth }, (_, level) => `${" ".repeat(level)}a:`).join("\n");
}
