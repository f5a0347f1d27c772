import type { Canvas } from "./canvas.ts";

/** Strokes on a tile of 8 by 8 that tell filled areas apart without colour; the first is none. */
const strokes = [
  "",
  "M-2,2L2,-2M0,8L8,0M6,10L10,6",
  "M0,4H8",
  "M-2,6L2,10M0,0L8,8M6,-2L10,2",
  "M4,0V8",
  "M0,0L8,8M8,0L0,8",
  "M2,2h1v1h-1zM6,6h1v1h-1z",
  "M0,2H8M0,6H8",
] as const;

/** How an area of that series is filled. */
export function fillOf(series: number, { paint, idPrefix }: Canvas): string {
  return series % strokes.length === 0 ? paint.series(series) : `url(#${idPrefix}-fill-${series})`;
}

/** The patterns that {@link fillOf} names, as markup without any text from outside. */
export function patternDefs(count: number, { paint, idPrefix }: Canvas): string {
  const patterns = Array.from({ length: count }, (_, series) => {
    const path = strokes[series % strokes.length] ?? "";
    if (path === "") return "";
    return `<pattern id="${idPrefix}-fill-${series}" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="${paint.series(series)}"/><path d="${path}" stroke="${paint.surface}" stroke-width="1.6" fill="none"/></pattern>`;
  });
  return `<defs>${patterns.join("")}</defs>`;
}
