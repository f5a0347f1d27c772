import type { Canvas } from "../../charts/canvas.ts";
import { drawChart } from "../../charts/draw-chart.ts";
import { escapeMarkup } from "../../charts/escape.ts";
import { legendOf, swatchSize } from "../../charts/legend.ts";
import { pagePaint, seriesCount } from "../../charts/paint.ts";
import { patternDefs } from "../../charts/patterns.ts";
import type { FigureKind } from "../../figures/figure-kind.ts";
import type { FigureSpec } from "../../figures/figure-spec.ts";
import { renderDataTable } from "./data-table.ts";
import { html, type Markup, trusted } from "./markup.ts";

const canvas: Canvas = { paint: pagePaint, idPrefix: "picture" };
/** Rows of the table below a picture; all cells stand in the page's own table. */
const tableRows = 100;

/** What pictures fill areas with, once a page. */
export const pagePatterns: Markup = trusted(
  `<svg width="0" height="0" style="position:absolute" aria-hidden="true" focusable="false">${patternDefs(seriesCount, canvas)}</svg>`,
);

/** A picture with its number, finding, legend, notes and data. */
export function renderFigure(
  kind: Pick<FigureKind, "name" | "answers">,
  spec: FigureSpec,
  number: number,
): Markup {
  const id = `figure-${kind.name}`;
  const drawings = drawChart(spec.chart, canvas);
  const panels = drawings.map(({ svg, title }, index) =>
    labelPanel(svg, {
      id: `${id}-${index + 1}`,
      title: title === "" ? spec.title : `${spec.title}: ${title}`,
      description: index === 0 ? spec.says : `The same for ${title}.`,
    }),
  );
  const label = `Panels of figure ${number}`;
  return html`<figure id="${id}" aria-labelledby="${id}-title">
<h3 id="${id}-title">Figure ${number}. ${spec.title}</h3>
<p class="muted">${kind.answers}</p>
<p class="says">${spec.says}</p>
${renderLegend(spec)}
<div class="panels" role="group" aria-label="${label}">${panels}</div>
<figcaption><ul>${spec.notes.map((note) => html`<li>${note}</li>`)}</ul></figcaption>
<details><summary>Numbers of figure ${number}</summary>${renderDataTable(spec.table, spec.title, tableRows)}</details>
</figure>
`;
}

/** Name and description for those who do not see the panel. */
function labelPanel(
  svg: string,
  { id, title, description }: { id: string; title: string; description: string },
): Markup {
  const attributes = `role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc"`;
  const texts = `<title id="${id}-title">${escapeMarkup(title)}</title><desc id="${id}-desc">${escapeMarkup(description)}</desc>`;
  return trusted(
    svg.replace(/<svg ([^>]*)>/, (_, rest: string) => `<svg ${attributes} ${rest}>${texts}`),
  );
}

function renderLegend({ chart }: FigureSpec): Markup | null {
  if (chart.kind === "heat") return html`<p class="muted">Colour: ${chart.scaleLabel}.</p>`;
  const entries = legendOf(chart, canvas);
  if (entries.length === 0) return null;
  const { width, height } = swatchSize;
  return html`<ul class="legend">${entries.map(
    ({ name, swatch }) =>
      html`<li><svg width="${width}" height="${height}" aria-hidden="true" focusable="false">${trusted(swatch)}</svg><span>${name}</span></li>`,
  )}</ul>`;
}
