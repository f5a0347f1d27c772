import type { Interaction } from "../../analysis/findings.ts";
import type { Report } from "../../analysis/report.ts";
import { axisLabel, nameValue } from "../../figures/cell-names.ts";
import { chooseInteractions, describeInteraction, nameAt } from "../interaction-lines.ts";
import { renderDataTable } from "./data-table.ts";
import { html, type Markup } from "./markup.ts";

/** Interactions that are written out, and rows of each. */
const limits = { shown: 24, effects: 40 } as const;

/** Settings whose effect depends on another; nothing where none does. */
export function renderInteractions(report: Report): Markup | null {
  const { shown, total } = chooseInteractions(report, limits.shown);
  if (shown.length === 0) return null;
  const rest = total - shown.length;
  return html`<section id="interactions" aria-labelledby="interactions-title">
<h2 id="interactions-title">What depends on what</h2>
<p class="muted">Settings that change latency by another factor where another axis has another value, with all else equal: no single winner holds for all of them. Those that turn from a gain into a loss come first.</p>
<ul>${shown.map(
    (
      interaction,
    ) => html`<li><p>${interaction.opposite ? html`<span class="decision">turns over</span> ` : null}${describeInteraction(interaction, report)}.</p>
${renderEffects(interaction)}</li>
`,
  )}</ul>
${rest > 0 ? html`<p class="note">${rest} more, see the JSON report.</p>` : null}
</section>
`;
}

function renderEffects({ axis, from, to, across, effects }: Interaction): Markup {
  const rows = effects.map(({ at, speedUp }) => [
    nameAt(at),
    speedUp.value,
    speedUp.value === null ? null : speedUp.low,
    speedUp.value === null ? null : speedUp.high,
    speedUp.value === null ? null : speedUp.n,
  ]);
  const columns = [axisLabel(across), "speed-up (×)", "low", "high", "n"];
  const caption = `${nameValue(axis, to)} instead of ${from}: time before over time after, with its 95 % interval`;
  return html`<details><summary>Each value of ${axisLabel(across)}</summary>${renderDataTable({ columns, rows }, caption, limits.effects)}</details>`;
}
