import { escapeMarkup } from "../../charts/escape.ts";

/** Text that is markup already: only this program makes it. */
export interface Markup {
  readonly markup: string;
}

type Part = Markup | string | number | null | readonly Markup[];

/** A template of HTML in which every text that is put in is escaped; null puts in nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const texts = strings.map((text, index) => text + toText(parts[index] ?? null));
  return { markup: texts.join("") };
}

/** Markup that was made elsewhere in this program, with its texts escaped there. */
export function trusted(markup: string): Markup {
  return { markup };
}

function toText(part: Part): string {
  if (part === null) return "";
  if (typeof part === "string") return escapeMarkup(part);
  if (typeof part === "number") return String(part);
  if ("markup" in part) return part.markup;
  return part.map(({ markup }) => markup).join("");
}
