import type { RunnerRule } from "./rule.ts";

export const runsTogether: RunnerRule = {
  name: "runs-together",
  summary: "a mode and a number format that do not run together on the host, with what was found",
  refuse({ mode, dtype }, { name, refusedPairs = {} }) {
    const pair = `${mode} ${dtype}`;
    if (!Object.hasOwn(refusedPairs, pair)) return null;
    return { axis: "mode", reason: `${name} does not run ${pair} here: ${refusedPairs[pair]}` };
  },
};
