import type { ScaleOptions } from "@observablehq/plot";
import type { ValueAxis } from "../figures/figure-spec.ts";
import type { Frame } from "./canvas.ts";
import { textWidth } from "./text-size.ts";
import { extentOf, padExtent, roundTicks, spacedTicks, tickLabel, tickSizePx } from "./ticks.ts";

export interface ScaledAxis {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly type: "linear" | "log";
}

/** The domain and ticks of an axis over all panels, so that these can be compared. */
export function scaleAxis(axis: ValueAxis, values: Iterable<number | null>): ScaledAxis {
  const extent = extentOf(values, axis.scale) ?? [1, 2];
  const [low, high] = padExtent(extent, axis.scale);
  const fromZero = axis.fromZero && axis.scale === "linear";
  const domain: [number, number] = fromZero
    ? [Math.min(0, extent[0]), Math.max(high, 0)]
    : [low, high];
  const ticks = axis.ticks?.filter((tick) => tick >= domain[0] && tick <= domain[1]);
  return { domain, ticks: ticks ?? roundTicks(domain[0], domain[1], axis.scale), type: axis.scale };
}

/** The axis of each panel: one for all of them, or each its own where the axis is not shared. */
export function axisOfPanels<Panel>(
  axis: ValueAxis,
  panels: readonly Panel[],
  valuesOf: (panel: Panel) => readonly (number | null)[],
): (panel: Panel) => ScaledAxis {
  if (axis.shared === false) return (panel) => scaleAxis(axis, valuesOf(panel));
  const shared = scaleAxis(axis, panels.flatMap(valuesOf));
  return () => shared;
}

/** Pixels that the labels of an axis that goes up need. */
export function labelsWidth(axis: ScaledAxis): number {
  const widths = axis.ticks.map((tick) => textWidth(tickLabel(tick), tickSizePx));
  return Math.ceil(Math.max(16, ...widths)) + 12;
}

/** Plot's options for an axis across; ticks whose labels would touch are left out. */
export function acrossScale(axis: ScaledAxis, frame: Frame): ScaleOptions {
  const width = frame.width - frame.marginLeft - frame.marginRight;
  const [low, high] = axis.domain;
  const place = (value: number): number =>
    axis.type === "log"
      ? (width * Math.log(value / low)) / Math.log(high / low)
      : (width * (value - low)) / (high - low);
  return { ...upScale(axis), ticks: spacedTicks(axis.ticks, place) } as ScaleOptions;
}

export function upScale(axis: ScaledAxis): ScaleOptions {
  return {
    type: axis.type,
    domain: [...axis.domain],
    ticks: [...axis.ticks],
    tickFormat: tickLabel,
    label: null,
  } as ScaleOptions;
}
