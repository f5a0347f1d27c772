import { FleetsweepError } from "../../shared/domain/errors.ts";

/** `blog` shows latencies as the published charts do. */
export const figureStyles = ["lines", "blog"] as const;
export type FigureStyle = (typeof figureStyles)[number];

/** @throws FleetsweepError config.invalid */
export function parseStyle(text: string): FigureStyle {
  const style = figureStyles.find((name) => name === text);
  if (style !== undefined) return style;
  throw new FleetsweepError(
    "config.invalid",
    `no style is called "${text}": ${figureStyles.join(", ")}`,
  );
}
