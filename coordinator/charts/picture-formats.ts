import type { FigureSpec } from "../figures/figure-spec.ts";
import { composeSvg } from "./compose-svg.ts";
import { drawText } from "./terminal/draw-text.ts";
import { toPng } from "./to-png.ts";

/** A picture as text, or as bytes where it is none; `width` is that of the terminal. */
type RenderPicture = (
  spec: FigureSpec,
  options: { name: string; width: number },
) => string | Uint8Array;

/** Every form of a picture by the name that `-o` takes. */
export const pictureFormats: Readonly<Record<"txt" | "svg" | "png", RenderPicture>> = {
  txt: (spec, { width }) => drawText(spec, width),
  svg: (spec, { name }) => composeSvg(spec, name),
  png: (spec, { name }) => toPng(composeSvg(spec, name)),
};
