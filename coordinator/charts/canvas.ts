import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { replaceControls } from "./escape.ts";
import type { Paint } from "./paint.ts";
import { elide } from "./text-size.ts";

/** One panel of a picture: an `<svg>` element as text, with its size in pixels. */
export interface Drawing {
  /** The panel's own title; empty where the picture has one panel. */
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly svg: string;
}

/** What a panel is drawn on; ids within one page must differ, so each picture has its prefix. */
export interface Canvas {
  readonly paint: Paint;
  readonly idPrefix: string;
}

export interface Frame {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly width: number;
  readonly height: number;
  readonly marginLeft: number;
  readonly marginBottom: number;
  readonly marginRight: number;
}

/** Above the plot: the panel's title and the label of the axis that goes up. */
export const marginTop = 44;
export const fontSize = 11;

/** What is needed of a DOM; the types of a browser are not those of this program. */
interface SvgNode {
  readonly localName: string;
  readonly outerHTML: string;
  textContent: string;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  append(child: SvgNode): void;
  remove(): void;
  querySelector(selector: string): SvgNode | null;
  querySelectorAll(selector: string): Iterable<SvgNode>;
}

interface Page {
  createElementNS(namespace: string, name: string): SvgNode;
}

const svgNamespace = "http://www.w3.org/2000/svg";

/**
 * Draws marks into a frame with its title and labels. Names go through the document's text nodes, so
 * that none of them becomes markup.
 */
export function plotPanel(canvas: Canvas, frame: Frame, options: Plot.PlotOptions): Drawing {
  const { document } = parseHTML("<!doctype html><html><body></body></html>") as unknown as {
    document: Page;
  };
  const plot = Plot.plot({
    ...options,
    document,
    width: frame.width,
    height: frame.height,
    marginTop,
    marginLeft: frame.marginLeft,
    marginRight: frame.marginRight,
    marginBottom: frame.marginBottom,
    style: { fontSize: `${fontSize}px`, color: canvas.paint.ink },
  } as Plot.PlotOptions) as unknown as SvgNode;
  const svg = (plot.localName === "svg" ? plot : plot.querySelector("svg")) as SvgNode;
  const label = (text: string, place: Readonly<Record<string, string | number>>): void => {
    svg.append(makeText(document, text, place));
  };
  const room = frame.width - 8;
  const title = { x: 4, y: 14, "font-weight": 600, "font-size": 12, "text-anchor": "start" };
  if (frame.title !== "") {
    const text = makeText(document, elide(frame.title, room, 12.5), title);
    addTooltip(document, text, frame.title);
    svg.append(text);
  }
  if (frame.yLabel !== "") label(frame.yLabel, { x: 4, y: 31, "text-anchor": "start" });
  if (frame.xLabel !== "") {
    const middle = frame.marginLeft + (frame.width - frame.marginLeft - frame.marginRight) / 2;
    label(frame.xLabel, { x: middle, y: frame.height - 5, "text-anchor": "middle" });
  }
  return {
    title: frame.title,
    width: frame.width,
    height: frame.height,
    svg: clean(svg, canvas.paint),
  };
}

function makeText(
  document: Page,
  text: string,
  attributes: Readonly<Record<string, string | number>>,
): SvgNode {
  const element = document.createElementNS(svgNamespace, "text");
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.textContent = text;
  return element;
}

function addTooltip(document: Page, element: SvgNode, text: string): void {
  const title = document.createElementNS(svgNamespace, "title");
  title.textContent = text;
  element.append(title);
}

/** Takes out what only a stand-alone Plot needs; the picture as a whole has its own description. */
function clean(svg: SvgNode, paint: Paint): string {
  for (const style of svg.querySelectorAll("style")) style.remove();
  for (const element of svg.querySelectorAll("*")) {
    element.removeAttribute("aria-label");
    element.removeAttribute("aria-hidden");
    element.removeAttribute("aria-description");
  }
  svg.removeAttribute("class");
  svg.removeAttribute("style");
  svg.setAttribute("xmlns", svgNamespace);
  svg.setAttribute("font-size", String(fontSize));
  svg.setAttribute("font-family", "'DejaVu Sans', system-ui, sans-serif");
  return replaceControls(svg.outerHTML)
    .replaceAll('"currentColor"', `"${paint.ink}"`)
    .replaceAll("var(--plot-background)", paint.surface)
    .replaceAll(/-?\d+\.\d{3,}/g, (number: string) => String(Number(Number(number).toFixed(2))));
}
