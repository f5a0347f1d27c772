import { findAxis } from "../shared/domain/axis.ts";
import type { Cell } from "../shared/domain/cell.ts";
import type { InstancePlacement } from "../shared/domain/placement.ts";
import type { KnobHost } from "./knobs/knob.ts";
import { setKnobs } from "./knobs/registry.ts";
import type { CatalogueEntry } from "./runners/catalogue-entry.ts";

/** Settings of the host: they hold for every runner, whether or not it knows of them. */
const hostKnobs: readonly string[] = ["thp", "governor"];

/** Any placement: what is asked is whether the host has the value at all. */
const anywhere: InstancePlacement = {
  pus: [0],
  memoryNodes: [0],
  memoryPolicy: "local",
  threads: 1,
};

/**
 * The catalogue with the host's own knobs in every declaration, and with the values that a knob would
 * refuse here, so that a plan leaves them out instead of a launch.
 */
export function offerKnobs(
  catalogue: readonly CatalogueEntry[],
  host: KnobHost,
): readonly CatalogueEntry[] {
  return catalogue.map((entry) => {
    const knobs = [...new Set([...entry.declaration.knobs, ...hostKnobs])];
    const { knobRefusals: own = {} } = entry.declaration;
    const refusals = [...new Set([...knobs, ...Object.keys(own)])].map(
      (axis) => [axis, { ...refusalsOf(axis, host), ...own[axis] }] as const,
    );
    const knobRefusals = Object.fromEntries(
      refusals.filter(([, values]) => Object.keys(values).length > 0),
    );
    return { ...entry, declaration: { ...entry.declaration, knobs, knobRefusals } };
  });
}

/** Words of an axis that this host refuses, each with the knob's own reason. */
function refusalsOf(name: string, host: KnobHost): Readonly<Record<string, string>> {
  const values = findAxis(name)?.values;
  // Presets depend on the allocator: a rule of the planner's has them.
  if (values === undefined || values.type === "integer" || name === "allocator_tunables") return {};
  const words = values.type === "words" ? values.words : values.known;
  const refused = words.flatMap((word) => {
    const cell: Cell = { [name]: word };
    const settings = setKnobs(cell, [anywhere], host);
    return "refused" in settings && settings.axis === name ? [[word, settings.refused]] : [];
  });
  return Object.fromEntries(refused) as Record<string, string>;
}
