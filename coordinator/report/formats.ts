import type { Report } from "../analysis/report.ts";
import type { FigureStyle } from "../figures/figure-style.ts";
import { renderCsv } from "./render-csv.ts";
import { renderJson } from "./render-json.ts";
import { renderMarkdown } from "./render-markdown.ts";
import { renderTable } from "./render-table.ts";

/** Renders a report; `width` is that of the terminal in characters, and only a table looks at it. */
export type RenderReport = (report: Report, width: number) => string;

/** Every form of a report that needs no pictures, by the name that `-o` takes. */
export const reportFormats: Readonly<Record<"table" | "json" | "csv" | "md", RenderReport>> = {
  table: renderTable,
  json: renderJson,
  csv: renderCsv,
  md: renderMarkdown,
};

export const formatNames: readonly string[] = [...Object.keys(reportFormats), "html"];

/** The form of that name; null where there is none. */
export async function renderReport(
  format: string,
  report: Report,
  { width, style }: { readonly width: number; readonly style: FigureStyle },
): Promise<string | null> {
  if (format === "html") {
    // What draws is loaded when it is needed: it would double the time in which any other verb starts.
    const { renderHtml } = await import("./html/render-html.ts");
    return renderHtml(report, style);
  }
  const render = Object.entries(reportFormats).find(([name]) => name === format)?.[1];
  return render === undefined ? null : render(report, width);
}
