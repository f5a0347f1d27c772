import { countOf } from "../../../shared/domain/text-layout.ts";
import type { Report } from "../../analysis/report.ts";
import type { FigureStyle } from "../../figures/figure-style.ts";
import { type SpecifiedFigures, specifyFigures } from "../../figures/registry.ts";
import { describeSweep } from "../report-notes.ts";
import { renderCanaries } from "./canaries-section.ts";
import { renderCells } from "./cells-section.ts";
import { renderClasses } from "./classes-section.ts";
import { renderHosts, renderMethod, renderNotes, renderReproduce } from "./facts-sections.ts";
import { renderFigure } from "./figure-section.ts";
import { renderInteractions } from "./interactions-section.ts";
import { html, type Markup } from "./markup.ts";
import { renderPage } from "./page.ts";
import { renderVerdicts } from "./verdict-section.ts";

/** The report as one file that needs nothing else. */
export function renderHtml(report: Report, style: FigureStyle = "lines"): string {
  const figures = specifyFigures(report, style);
  return renderPage({
    title: `${report.sweep.name}: fleetsweep report`,
    skip: "Skip to the verdicts",
    navigation: renderNavigation(figures, report),
    main: html`${renderHeader(report)}
${renderVerdicts(report)}
${renderInteractions(report)}
${renderClasses(report)}
${renderCanaries(report)}
<section id="figures" class="plain" aria-labelledby="figures-title"><h2 id="figures-title">Figures</h2>
${figures.shown.map(({ kind, spec }, index) => renderFigure(kind, spec, index + 1))}</section>
${renderNotes(report, figures)}
${renderHosts(report)}
${renderCells(report)}
${renderMethod(report)}
${renderReproduce(report)}`,
  });
}

function renderHeader(report: Report): Markup {
  const { name, sweepId, submittedAtMs } = report.sweep;
  const time = new Date(submittedAtMs).toISOString().replace(/\.\d+Z$/, "Z");
  const submitted = submittedAtMs === 0 ? "" : `submitted ${time}, `;
  return html`<header><div class="top"><h1>${name}</h1><button id="theme" type="button" hidden>Dark theme</button></div>
<p>${describeSweep(report)}.</p>
<p class="muted">Sweep ${sweepId}, ${submitted}${countOf(report.hosts.length, "host")}.</p></header>
`;
}

function renderNavigation(
  { shown }: SpecifiedFigures,
  { sweep: { source }, findings }: Report,
): Markup {
  return html`<nav aria-label="Contents"><h2>Contents</h2><ul>
<li><a href="#verdicts">Verdicts</a></li>
${findings.interactions.length === 0 ? null : html`<li><a href="#interactions">What depends on what</a></li>`}
${findings.classPairs.length === 0 ? null : html`<li><a href="#classes">Host classes</a></li>`}
${findings.canaries.length === 0 ? null : html`<li><a href="#canaries">Canaries</a></li>`}
<li><a href="#figures">Figures</a><ul>${shown.map(
    ({ kind, spec }, index) =>
      html`<li><a href="#figure-${kind.name}">${index + 1}. ${spec.title}</a></li>`,
  )}</ul></li>
<li><a href="#notes">What deserves a look</a></li>
<li><a href="#hosts">Hosts and software</a></li>
<li><a href="#data-table">Data</a></li>
<li><a href="#method">Method</a></li>
${source === "" ? null : html`<li><a href="#reproduce">Reproduce</a></li>`}
</ul></nav>`;
}
