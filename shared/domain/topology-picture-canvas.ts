import type { Paint } from "./text-layout.ts";

/** A part of the picture that is still being laid out. */
export interface Canvas {
  readonly width: number;
  readonly full: boolean;
  readonly paint: Paint;
}
