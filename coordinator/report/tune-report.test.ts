import { expect, test } from "vitest";
import { defaultTune } from "../../shared/domain/tune.ts";
import { tuneFigures } from "../figures/tune/registry.ts";
import type { TuneReport } from "../logic/tune/tune-report.ts";
import { renderTuneHtml } from "./html/render-tune-html.ts";
import { renderTuneText } from "./tune-text.ts";

const values = [9, 7.5, 8, 6.25, 6.5];

function report(overrides: Partial<TuneReport> = {}): TuneReport {
  return {
    sweepId: "t1",
    name: "tune",
    state: "done",
    ended: "the budget of 5 trials is spent",
    settings: { ...defaultTune, trials: 5 },
    hostIds: ["h1"],
    configurations: 12,
    knobs: ["cores", "allocator"],
    untuned: { cell: { cores: 8, allocator: "glibc" }, values: [10] },
    trials: values.map((value, k) => ({
      trial: k + 1,
      hostId: "h1",
      state: "ok",
      cell: { cores: 2 ** k, allocator: k % 2 === 0 ? "glibc" : "tcmalloc" },
      values: [value],
      p99Ms: null,
      best: Math.min(...values.slice(0, k + 1)),
    })),
    recommended: {
      cell: { cores: 8, allocator: "tcmalloc" },
      values: [6.25],
      predicted: 6.3,
      settings: ["OMP_NUM_THREADS=8 numactl --physcpubind=0-7"],
    },
    confirmation: {
      sweepId: "t1-confirm",
      launches: 8,
      winner: "recommended",
      settings: { cores: 8, allocator: "tcmalloc" },
      gain: { value: 1.52, low: 1.48, high: 1.57, pairs: 8 },
    },
    importance: {
      variance: [
        { knob: "cores", main: 0.9, total: 0.95 },
        { knob: "allocator", main: 0.05, total: 0.1 },
      ],
      defaults: [{ knob: "allocator", cost: 0.08, low: 0.05, high: 0.12 }],
      slices: [
        {
          knob: "allocator",
          levels: [
            { value: "glibc", cost: 0.08 },
            { value: "tcmalloc", cost: 0 },
          ],
        },
      ],
      interactions: [{ knobs: ["cores", "allocator"], share: 0.05 }],
    },
    pareto: [],
    notes: ["2 trials failed; their configurations are never recommended"],
    bruteForce: {
      sweepId: "s1",
      trials: 12,
      usable: 11,
      best: { cell: { cores: 8, allocator: "tcmalloc" }, values: [6.2] },
      gap: 0.008,
    },
    ...overrides,
  };
}

test("the answer of a tune stands first in the text, with its confirmed gain and lines to copy", () => {
  const text = renderTuneText(report(), 80);
  expect(text.split("\n").every((line) => line.length <= 80)).toBe(true);
  expect(text).toContain("Recommended: cores=8 allocator=tcmalloc");
  expect(text).toContain("measured all 12 (11 with a usable value)");
  expect(text).toContain("1.520 times the untuned, 95 % from 1.480 to 1.570, 8 pairs");
  expect(text).toContain("OMP_NUM_THREADS=8 numactl --physcpubind=0-7");
  expect(text).toContain("0.80 % from the best");
});

test("a tune without a figure for something says why instead of showing a number", () => {
  const text = renderTuneText(
    report({
      recommended: null,
      importance: { absent: "0 of 10 trials that it needs" },
      confirmation: { absent: "no trial succeeded" },
      trials: [],
      bruteForce: null,
    }),
    80,
  );
  expect(text).toContain("nothing is recommended");
  expect(text).toContain("not yet: 0 of 10 trials");
  expect(text).not.toContain("NaN");
});

test("every figure of a tune states n and its search, or why it is not there", () => {
  for (const figure of tuneFigures) {
    const spec = figure.specify(report());
    if ("absent" in spec) expect(spec.absent).toBe("one objective has no trade-off");
    else expect(spec.notes[0]).toContain("n = 5 measured of 5 trials");
  }
});

test("two objectives show their trade-off", () => {
  const two = report({
    settings: { ...defaultTune, objectives: ["latency", "energy"] },
    trials: report().trials.map((row, k) => ({ ...row, values: [values[k] ?? 0, 10 - k] })),
    pareto: [4, 5],
  });
  const spec = tuneFigures.find(({ name }) => name === "trade-off")?.specify(two);
  expect(spec).toMatchObject({ says: "2 of 5 trials are beaten by no other in both." });
});

test("the page escapes every name and needs nothing from outside", () => {
  const page = renderTuneHtml(
    report({ name: "<script>alert(1)</script>", notes: ["<img src=x>"] }),
  );
  expect(page).not.toContain("<script>alert");
  expect(page).not.toContain("<img");
  expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
  expect(page.match(/<figure /g)).toHaveLength(5);
});
