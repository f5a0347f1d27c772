import type { Report } from "../analysis/report.ts";
import { renderCsv } from "./render-csv.ts";
import { renderJson } from "./render-json.ts";
import { renderMarkdown } from "./render-markdown.ts";
import { renderTable } from "./render-table.ts";

/** Renders a report; `width` is that of the terminal in characters, and only a table looks at it. */
export type RenderReport = (report: Report, width: number) => string;

/** Every form of a report by the name that `-o` takes. */
export const reportFormats: Readonly<Record<"table" | "json" | "csv" | "md", RenderReport>> = {
  table: renderTable,
  json: renderJson,
  csv: renderCsv,
  md: renderMarkdown,
};
