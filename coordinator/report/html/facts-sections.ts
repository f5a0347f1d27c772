import { countOf } from "../../../shared/domain/text-layout.ts";
import type { Report } from "../../analysis/report.ts";
import { nameCell } from "../../figures/cell-names.ts";
import type { SpecifiedFigures } from "../../figures/registry.ts";
import { findingNotes } from "../findings-lines.ts";
import { percent } from "../numbers.ts";
import { type Note, reportNotes } from "../report-notes.ts";
import { html, type Markup } from "./markup.ts";

const maxHosts = 24;
/** Each in a line of its own; the largest fleets have more in the JSON report. */
const maxAnomalies = 400;

/** Anomalies, doubts and what was not measured, each with its reason. */
export function renderNotes(report: Report, figures: SpecifiedFigures): Markup {
  const notes = [...findingNotes(report, maxAnomalies), ...reportNotes(report, maxAnomalies)];
  return html`<section id="notes" aria-labelledby="notes-title">
<h2 id="notes-title">What deserves a look</h2>
${notes.length === 0 ? html`<p>Nothing: no cell is doubtful, failed or missing.</p>` : html`<ul>${notes.map(renderNote)}</ul>`}
${
  figures.left.length === 0
    ? null
    : html`<h3>Pictures that are left out</h3><ul>${figures.left.map(
        ({ kind, reason }) => html`<li><strong>${kind.name}</strong>: ${reason}.</li>`,
      )}</ul>`
}
</section>
`;
}

function renderNote({ label, text, verbatim }: Note): Markup {
  const lines = verbatim.length === 0 ? null : html`<pre>${verbatim.join("\n")}</pre>`;
  return html`<li><strong>${label}</strong>: ${text}${lines}</li>`;
}

export function renderHosts(report: Report): Markup {
  const classes = new Map(report.findings.hosts.map((host) => [host.hostId, host.classId]));
  const hosts = report.hosts.slice(0, maxHosts);
  const rest = report.hosts.length - hosts.length;
  return html`<section id="hosts" aria-labelledby="hosts-title">
<h2 id="hosts-title">Hosts and software</h2>
${hosts.map(
  ({ hostId, facts }) =>
    html`<h3>${hostId}</h3><dl class="facts"><dt>class</dt><dd>${classes.get(hostId) ?? "not known"}</dd>${facts.map(
      ({ name, value }) => html`<dt>${name}</dt><dd>${value ?? "not known"}</dd>`,
    )}</dl>`,
)}
${rest > 0 ? html`<p class="note">${countOf(rest, "more host")}, see the JSON report.</p>` : null}
</section>
`;
}

export function renderMethod({ sweep, constants, findings }: Report): Markup {
  const target =
    sweep.targetHalfWidth === null
      ? "no target for the width of intervals"
      : `intervals of ±${percent(sweep.targetHalfWidth)} % or less as the target`;
  const all = nameCell(constants, Object.keys(constants));
  return html`<section id="method" aria-labelledby="method-title">
<h2 id="method-title">Method</h2>
<ul>
<li>Precision ${sweep.precision}, with ${target}.${all === "" ? "" : ` All cells: ${all}.`}</li>
<li>The launch, a fresh set of processes, is the unit of inference. A cell's value is the geometric mean of its launches' medians; its interval is Student's t on their logarithms, at 95 %.</li>
<li>Launches of all cells interleave in a random order; ratios pair launches of the same number, so that drift of the host cancels.</li>
<li>Placements that differ by less than ±${percent(findings.margin)} % are no different to the verdicts.</li>
<li>Every launch's affinity, memory placement and knobs are read back. One that is off its plan, or disturbed by others, is invalid: shown and never used.</li>
<li>Throughput is samples per second in the common window of all instances. Percentiles appear where enough calls allow them.</li>
<li>Distributions and courses are drawn from quantiles of the raw calls, not from every call; the raw samples stay in the coordinator's log.</li>
</ul>
</section>
`;
}

/** How to get the same figures again: the sweep as it was submitted. */
export function renderReproduce({ sweep }: Report): Markup | null {
  if (sweep.source === "") return null;
  const file = `${/^[\w.-]+$/.test(sweep.name) ? sweep.name : "sweep"}.yaml`;
  return html`<section id="reproduce" aria-labelledby="reproduce-title">
<h2 id="reproduce-title">Reproduce</h2>
<p>Save the sweep as it was submitted into ${file}, check what it would run, and run it:</p>
<pre tabindex="0">fleetsweep plan ${file}
fleetsweep run ${file}
fleetsweep report SWEEP -o html --out report.html</pre>
<details><summary>The sweep file</summary><pre tabindex="0">${sweep.source}</pre></details>
<p class="note">This page is from sweep ${sweep.sweepId}. Hosts and software as above; another host class answers another question.</p>
</section>
`;
}
