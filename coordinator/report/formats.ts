import { FleetsweepError } from "../../shared/domain/errors.ts";
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

/** @throws FleetsweepError config.invalid where no form has that name. */
export function checkFormat(name: string): void {
  if (formatNames.includes(name)) return;
  const known = formatNames.join(", ");
  throw new FleetsweepError("config.invalid", `no report format is called "${name}": ${known}`);
}

/** The form of that name. @throws FleetsweepError config.invalid */
export async function renderReport(
  format: string,
  report: Report,
  { width, style }: { readonly width: number; readonly style: FigureStyle },
): Promise<string> {
  checkFormat(format);
  if (format === "html") {
    // What draws is loaded when it is needed: it would double the time in which any other verb starts.
    const { renderHtml } = await import("./html/render-html.ts");
    return renderHtml(report, style);
  }
  const render = reportFormats[format as keyof typeof reportFormats];
  return render(report, width);
}
