import type { ClassPair } from "../../analysis/findings.ts";
import type { Report } from "../../analysis/report.ts";
import { nameValue } from "../../figures/cell-names.ts";
import { compareLine, describePair } from "../class-lines.ts";
import { renderDataTable } from "./data-table.ts";
import { html, type Markup } from "./markup.ts";

/** Rows of the means below a pair. */
const meanRows = 40;

/** Host classes side by side; nothing where there is one. */
export function renderClasses({ findings, sweep }: Report): Markup | null {
  if (findings.classPairs.length === 0) return null;
  return html`<section id="classes" aria-labelledby="classes-title">
<h2 id="classes-title">Host classes side by side</h2>
<p class="muted">Latency over the cells that both classes measured: geometric mean with its 95 % interval.</p>
<ul>${findings.classPairs.map(
    (pair) => html`<li><p>${describePair(pair)}</p>
${renderMeans(pair)}
<pre tabindex="0">${compareLine(sweep.sweepId, pair)}</pre></li>
`,
  )}</ul>
</section>
`;
}

function renderMeans({ means, classes: [a, b] }: ClassPair): Markup | null {
  if (means.length === 0) return null;
  const rows = means.map(({ axis, value, cells, ratio }) => [
    nameValue(axis, value),
    cells,
    ratio.value,
    ratio.value === null ? null : ratio.low,
    ratio.value === null ? null : ratio.high,
  ]);
  const columns = ["cells with", "cells", "time (×)", "low", "high"];
  const caption = `Time of ${b.classId} over that of ${a.classId}`;
  return html`<details><summary>By axis</summary>${renderDataTable({ columns, rows }, caption, meanRows)}</details>`;
}
