import type { Cell } from "../../shared/domain/cell.ts";
import type { InstancePlacement } from "../../shared/domain/placement.ts";
import { allocator } from "./allocator.ts";
import { binding } from "./binding.ts";
import { deathSignal } from "./death-signal.ts";
import type { Knob, KnobHost, KnobSetting } from "./knob.ts";
import { threads } from "./threads.ts";

/** A new knob is a new file and one line here. Prefixes are put before the command in this order. */
export const knobs: readonly Knob[] = [deathSignal, binding, threads, allocator];

export interface NamedSetting {
  readonly knob: string;
  readonly setting: KnobSetting;
}

/** Every knob's setting for one launch, or the first refusal. */
export function setKnobs(
  cell: Cell,
  instances: readonly InstancePlacement[],
  host: KnobHost,
): readonly NamedSetting[] | { readonly knob: string; readonly refused: string } {
  const settings: NamedSetting[] = [];
  for (const knob of knobs) {
    const [axis] = knob.axes;
    const value = axis === undefined ? undefined : cell[axis];
    const setting = knob.set({ cell, value, instances }, host);
    if ("refused" in setting) return { knob: knob.name, refused: setting.refused };
    settings.push({ knob: knob.name, setting });
  }
  return settings;
}
