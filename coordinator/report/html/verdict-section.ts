import type { PlacementVerdict, SettingVerdict } from "../../analysis/findings.ts";
import type { Metric } from "../../analysis/metric.ts";
import type { Report } from "../../analysis/report.ts";
import { nameCell } from "../../figures/cell-names.ts";
import { mostGeneral } from "../most-general.ts";
import { showFigure } from "../show-metric.ts";
import { html, type Markup } from "./markup.ts";

/** Verdicts that are written out; of more the counts stand above, and all are in the JSON report. */
const limits = { verdicts: 48, settings: 12 } as const;

/** What the sweep says about placements, first and in sentences. */
export function renderVerdicts(report: Report): Markup {
  const all = mostGeneral(report.findings.verdicts);
  // A question that a single socket does not pose needs no list of its answers.
  const verdicts = all.filter((verdict) => wordOf(verdict) !== "no verdict");
  return html`<section id="verdicts" aria-labelledby="verdicts-title">
<h2 id="verdicts-title">Verdicts</h2>
${summarize(all)}
<ul class="verdicts">${verdicts.slice(0, limits.verdicts).map((verdict) => renderVerdict(verdict, report))}</ul>
${
  verdicts.length > limits.verdicts
    ? html`<p class="note">The first ${limits.verdicts} of ${verdicts.length} are written out; the JSON report has all.</p>`
    : null
}
</section>
`;
}

function summarize(verdicts: readonly PlacementVerdict[]): Markup {
  if (verdicts.length === 0) {
    return html`<p>No verdict about placements: no workload was measured in two of them.</p>`;
  }
  const counts = new Map<string, number>();
  for (const verdict of verdicts) {
    const word = wordOf(verdict);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const parts = [...counts]
    .toSorted((a, b) => b[1] - a[1])
    .map(([word, count]) => `${word} for ${count}`);
  const noun = verdicts.length === 1 ? "question" : "questions";
  const [first] = verdicts;
  if (first !== undefined && counts.size === 1 && wordOf(first) === "no verdict") {
    return html`<p class="says">No verdict about placements: ${first.reason}. What is best for each workload all the same, the figures and <code>fleetsweep recommend</code> say.</p>`;
  }
  return html`<p class="says">Where should each workload run? Of ${verdicts.length} ${noun} (workload × objective): ${parts.join(", ")}.</p>`;
}

function wordOf(verdict: Partial<Pick<PlacementVerdict, "decision" | "conditionalOn">>): string {
  if ((verdict.conditionalOn ?? []).length > 0) return "it depends";
  return verdict.decision ?? "no verdict";
}

function renderVerdict(verdict: PlacementVerdict, report: Report): Markup {
  const { scope, workload, objective, conditionalOn, reason, holdsFor, bySetting } = verdict;
  const varying = report.varying.filter((name) => workload[name] !== undefined);
  const what = nameCell(workload, varying) || nameCell(workload, Object.keys(workload));
  const who = report.hosts.length > 1 ? `${scope.kind} ${scope.id}, ` : "";
  const held = nameCell(holdsFor, Object.keys(holdsFor));
  const depends =
    conditionalOn.length > 0
      ? html`<p class="warn">The answer depends on ${conditionalOn.join(" and ")}; see each setting.</p>`
      : null;
  return html`<li><p>${badge(wordOf(verdict))} <strong>${who}${what}</strong>, for ${objective}: ${reason}.</p>
${describeLead(bySetting)}${depends}
<p class="note">${held === "" ? "" : `Holds for ${held}; others were not measured.`}</p>
${renderSettings(bySetting, verdict)}</li>
`;
}

/** The setting in which the verdict is clearest, with the intervals of the best and the next placement. */
function describeLead(settings: readonly SettingVerdict[]): Markup | null {
  const decided = settings.filter(
    ({ decision }) => decision !== null && decision !== "not-enough-data",
  );
  const [lead] = decided.length > 0 ? decided : settings;
  const [best, next] = lead?.candidates ?? [];
  if (lead === undefined || best === undefined || best.figure.value === null) return null;
  const under = nameCell(lead.setting, Object.keys(lead.setting));
  const where = under === "" ? "" : ` with ${under}`;
  const rest =
    next === undefined || next.worseBy.value === null
      ? ""
      : `; the next, ${next.placement}, has ${showFigure(next.figure)}, a ratio of ${showFigure(next.worseBy)} to its disadvantage`;
  return html`<p>${best.placement}${where}: ${showFigure(best.figure)}${rest}.</p>`;
}

function badge(word: string): Markup {
  const kind = word === "no verdict" || word === "not-enough-data" ? "decision none" : "decision";
  return html`<span class="${kind}">${word}</span>`;
}

function renderSettings(settings: readonly SettingVerdict[], verdict: PlacementVerdict): Markup {
  const shown = settings
    .slice(0, limits.settings)
    .filter(({ candidates }) => candidates.length > 0);
  if (shown.length === 0) return html``;
  const measure = verdict.objective === "latency" ? "latency" : "throughput";
  return html`<details><summary>Settings and intervals</summary><div class="scroll"><table><caption>Best cell of each placement, ${measure} with 95 % interval.</caption>
<thead><tr><th scope="col">setting</th><th scope="col">verdict</th><th scope="col">placement</th><th scope="col">${measure}</th><th scope="col">ratio to the best, above 1 is worse</th></tr></thead>
<tbody>${shown.flatMap(({ setting, decision, candidates }) =>
    candidates.map(
      ({ placement, figure, worseBy }, index) =>
        html`<tr><td>${index === 0 ? nameCell(setting, Object.keys(setting)) : ""}</td><td>${index === 0 ? (decision ?? "no verdict") : ""}</td><td>${placement}</td><td>${showFigure(figure)}</td><td>${worse(worseBy, index)}</td></tr>`,
    ),
  )}</tbody></table></div></details>`;
}

function worse(metric: Metric, index: number): string {
  return index === 0 ? "the best" : showFigure(metric);
}
