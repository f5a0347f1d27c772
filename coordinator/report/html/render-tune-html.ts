import { type SpecifiedTuneFigures, specifyTuneFigures } from "../../figures/tune/registry.ts";
import type { TuneReport } from "../../logic/tune/tune-report.ts";
import { interactionLines } from "../tune-importance-text.ts";
import { answerLines, bruteForceLines, headLines, improvementLines } from "../tune-text.ts";
import { renderFigure } from "./figure-section.ts";
import { html, type Markup } from "./markup.ts";
import { renderPage } from "./page.ts";

/** Columns of the texts that stand on the page as they do in a terminal. */
const textWidth = 100;

/** What a tune found as one file that needs nothing else: the answer first, then the pictures. */
export function renderTuneHtml(report: TuneReport): string {
  const figures = specifyTuneFigures(report);
  return renderPage({
    title: `${report.name}: fleetsweep tune`,
    skip: "Skip to the answer",
    navigation: renderNavigation(figures),
    main: html`<header><div class="top"><h1>${report.name}</h1><button id="theme" type="button" hidden>Dark theme</button></div>
${headLines(report, textWidth).map((line) => html`<p>${line}</p>`)}</header>
${textSection("answer", "Answer", answerLines(report, textWidth))}
<section id="figures" class="plain" aria-labelledby="figures-title"><h2 id="figures-title">Figures</h2>
${figures.shown.map(({ figure, spec }, index) => renderFigure(figure, spec, index + 1))}</section>
${textSection("improvement", "Improvement over trials", improvementLines(report))}
${textSection("together", "Knobs that act together", interactionLines(report))}
${textSection("brute-force", "Compared with every configuration measured", bruteForceLines(report, textWidth))}
${textSection("notes", "Notes", [...report.notes, ...figures.absent.map((why) => `no figure ${why}`)])}`,
  });
}

function textSection(id: string, title: string, lines: readonly string[]): Markup | null {
  if (lines.length === 0) return null;
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
<pre tabindex="0">${lines.join("\n")}</pre></section>
`;
}

function renderNavigation({ shown }: SpecifiedTuneFigures): Markup {
  return html`<nav aria-label="Contents"><h2>Contents</h2><ul>
<li><a href="#answer">Answer</a></li>
<li><a href="#figures">Figures</a><ul>${shown.map(
    ({ figure, spec }, index) =>
      html`<li><a href="#figure-${figure.name}">${index + 1}. ${spec.title}</a></li>`,
  )}</ul></li>
</ul></nav>`;
}
