import { findPreset } from "../../../shared/domain/allocator-presets.ts";
import type { Cell } from "../../../shared/domain/cell.ts";
import type { RunnerDeclaration } from "../../../shared/domain/runner-declaration.ts";
import type { AxisRefusal, RunnerRule } from "./rule.ts";

export const knobAvailable: RunnerRule = {
  name: "knob-available",
  summary:
    "values of a knob or a parameter that the host cannot set, such as an allocator that is not installed; nothing runs with the default in their place",
  refuse: (cell, declaration) => findRefusal(cell, declaration) ?? findMissingPreset(cell),
};

function findRefusal(cell: Cell, { knobRefusals = {} }: RunnerDeclaration): AxisRefusal | null {
  for (const [axis, reasons] of Object.entries(knobRefusals)) {
    const value = String(cell[axis]);
    if (!Object.hasOwn(reasons, value)) continue;
    return { axis, reason: `${axis} ${value}: ${reasons[value]}` };
  }
  return null;
}

function findMissingPreset(cell: Cell): AxisRefusal | null {
  const preset = cell["allocator_tunables"];
  if (preset === undefined) return null;
  const allocator = String(cell["allocator"] ?? "glibc");
  if (findPreset(allocator, String(preset)) !== null) return null;
  return { axis: "allocator_tunables", reason: `${allocator} has no tunables called ${preset}` };
}
