import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";

const fonts = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"] as const;
/** Twice the size in pixels: sharp on paper and on dense screens. */
const zoom = 2;

/**
 * An SVG of this program as PNG. Its font comes with the program and none of the system is read, so a
 * picture looks the same everywhere.
 */
export function toPng(svg: string): Uint8Array {
  const { resolve } = createRequire(import.meta.url);
  const fontFiles = fonts.map((name) => resolve(`dejavu-fonts-ttf/ttf/${name}`));
  const image = new Resvg(svg, {
    fitTo: { mode: "zoom", value: zoom },
    font: { fontFiles, loadSystemFonts: false, defaultFontFamily: "DejaVu Sans" },
  });
  return image.render().asPng();
}
