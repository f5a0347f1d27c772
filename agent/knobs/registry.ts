import type { Cell } from "../../shared/domain/cell.ts";
import type { InstancePlacement } from "../../shared/domain/placement.ts";
import { allocator } from "./allocator.ts";
import { allocatorTunables } from "./allocator-tunables.ts";
import { binding } from "./binding.ts";
import { deathSignal } from "./death-signal.ts";
import { gompSpincount } from "./gomp-spincount.ts";
import { governor } from "./governor.ts";
import { hugePages } from "./huge-pages.ts";
import { kmpBlocktime } from "./kmp-blocktime.ts";
import type { Knob, KnobHost, KnobSetting } from "./knob.ts";
import { onednn } from "./onednn.ts";
import { onednnIsa } from "./onednn-isa.ts";
import { openmp } from "./openmp.ts";
import { openmpBinding } from "./openmp-binding.ts";
import { scope } from "./scope.ts";
import { sessionOptions } from "./session-options.ts";
import { threadAffinity } from "./thread-affinity.ts";
import { threads } from "./threads.ts";
import { waitPolicy } from "./wait-policy.ts";

/** A new knob is a new file and one line here. Prefixes are put before the command in this order. */
export const knobs: readonly Knob[] = [
  deathSignal,
  scope,
  binding,
  threads,
  allocator,
  allocatorTunables,
  openmp,
  openmpBinding,
  kmpBlocktime,
  waitPolicy,
  gompSpincount,
  onednn,
  onednnIsa,
  threadAffinity,
  sessionOptions,
  hugePages,
  governor,
];

export interface NamedSetting {
  readonly knob: string;
  readonly setting: KnobSetting;
}

interface RefusedSetting {
  readonly knob: string;
  /** The axis whose value was refused; null where the placement alone decides. */
  readonly axis: string | null;
  readonly refused: string;
}

/** Every knob's setting for one launch, or the first refusal. */
export function setKnobs(
  cell: Cell,
  instances: readonly InstancePlacement[],
  host: KnobHost,
): readonly NamedSetting[] | RefusedSetting {
  const settings: NamedSetting[] = [];
  for (const knob of knobs) {
    const [axis] = knob.axes;
    const value = axis === undefined ? undefined : cell[axis];
    const setting = knob.set({ cell, value, instances }, host);
    if ("refused" in setting) {
      return { knob: knob.name, axis: axis ?? null, refused: setting.refused };
    }
    settings.push({ knob: knob.name, setting });
  }
  return settings;
}
