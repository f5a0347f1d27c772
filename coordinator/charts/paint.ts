import type { CellState } from "../figures/figure-spec.ts";

/** Colours of a picture: fixed ones for a file, or the page's own variables, which follow its theme. */
export interface Paint {
  readonly series: (index: number) => string;
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  readonly surface: string;
}

/** Fill and the ink that can be read on it: the same in both themes. */
export interface Tile {
  readonly fill: string;
  readonly ink: string;
}

/** Eight hues that people with any colour vision tell apart, at 3:1 or more on white. */
export const lightSeries = [
  "#0063a6",
  "#c04a00",
  "#00795a",
  "#a0447c",
  "#7a5c00",
  "#4d4d4d",
  "#3d7fd1",
  "#882255",
] as const;

/** The same order of hues, at 3:1 or more on the dark surface. */
export const darkSeries = [
  "#5cb8f0",
  "#f39654",
  "#35c99f",
  "#e79ac4",
  "#e0c25a",
  "#bdbdbd",
  "#9dbdff",
  "#ff9cb8",
] as const;

export const seriesCount = lightSeries.length;

/** For files: black on white, as paper is. */
export const filePaint: Paint = {
  series: (index) => lightSeries[index % seriesCount] ?? "#000000",
  ink: "#1a1a1a",
  muted: "#595959",
  grid: "#dedede",
  surface: "#ffffff",
};

/** For a page, which defines these variables once for each theme. */
export const pagePaint: Paint = {
  series: (index) => `var(--series-${index % seriesCount})`,
  ink: "var(--ink)",
  muted: "var(--muted)",
  grid: "var(--grid)",
  surface: "var(--surface)",
};

/** Steps of a single-hue scale, light to dark, that also differ in grey. */
const levels = [
  "#eef4fb",
  "#cfe1f2",
  "#a6c8e4",
  "#6fa8d2",
  "#3f83bb",
  "#1f5f99",
  "#0b3c6f",
] as const;

export function tileOfLevel(level: number | null): Tile {
  if (level === null || !Number.isFinite(level)) return { fill: "#f2f2f2", ink: "#333333" };
  const step = Math.round(Math.min(Math.max(level, 0), 1) * (levels.length - 1));
  return { fill: levels[step] ?? levels[0], ink: step >= 4 ? "#ffffff" : "#10253a" };
}

export const stateTiles: Readonly<Record<CellState, Tile & { readonly glyph: string }>> = {
  ok: { fill: "#d5ecdf", ink: "#0d4a2c", glyph: "✓" },
  flagged: { fill: "#fbe3a8", ink: "#4f3a00", glyph: "!" },
  invalid: { fill: "#f3b7a4", ink: "#5c1600", glyph: "✕" },
  failed: { fill: "#8e2a3f", ink: "#ffffff", glyph: "F" },
  missing: { fill: "#ececec", ink: "#404040", glyph: "–" },
};
