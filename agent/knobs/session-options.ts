import type { Cell } from "../../shared/domain/cell.ts";
import { type Knob, noSetting, type Readback } from "./knob.ts";
import { parseSessionOptions } from "./session-options-display.ts";

/**
 * What a cell asks of ONNX Runtime's sessions. The runner sets it; the proof is what the session itself
 * writes to stderr when it is made, see {@link parseSessionOptions}.
 */
export const sessionOptions: Knob = {
  name: "session-options",
  axes: [],
  set({ cell }) {
    if (cell["runner"] !== "onnxruntime") return noSetting;
    return {
      ...noSetting,
      proof: ({ stderrHead }) => findDifference(cell, parseSessionOptions(stderrHead)),
      shown: ({ stderrHead }) => parseSessionOptions(stderrHead) ?? {},
    };
  },
};

/** Parameters of the runner by what the session shows. Unasked ones are the runner's affair. */
const shownAs: Readonly<Record<string, string>> = {
  spinning: "session_spinning",
  arena: "session_arena",
  graph_optimization: "session_graph_optimization",
  execution_mode: "session_execution_mode",
  interop_threads: "session_interop_threads",
};

function findDifference(cell: Cell, found: Readback | null): string | null {
  const asked = Object.entries(shownAs).filter(([name]) => cell[name] !== undefined);
  if (asked.length === 0) return null;
  if (found === null) return "the session did not show its options";
  const other = asked.find(([name, shown]) => found[shown] !== cell[name]);
  if (other === undefined) return null;
  const [name, shown] = other;
  return `${name} is ${found[shown]}, not ${cell[name]}`;
}
