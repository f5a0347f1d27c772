import type { Report } from "../../analysis/report.ts";
import { canaryLines } from "../canary-lines.ts";
import { renderDataTable } from "./data-table.ts";
import { html, type Markup } from "./markup.ts";

const maxVisits = 200;

/** Whether the hosts stayed as they were while the sweep lasted; nothing for a sweep without canaries. */
export function renderCanaries(report: Report): Markup | null {
  const { canaries } = report.findings;
  if (canaries.length === 0) return null;
  const rows = canaries.flatMap(({ hostId, name, visits }) =>
    visits.map(({ shardId, latencyNs, launches }) => [
      hostId,
      name,
      shardId,
      toMs(latencyNs.value),
      toMs(latencyNs.value === null ? null : latencyNs.low),
      toMs(latencyNs.value === null ? null : latencyNs.high),
      launches.length,
    ]),
  );
  const columns = ["host", "canary", "shard", "latency (ms)", "low", "high", "launches"];
  const caption = "Visits of the canaries: geometric mean over launches with its 95 % interval";
  return html`<section id="canaries" aria-labelledby="canaries-title">
<h2 id="canaries-title">Canaries: did the hosts stay as they were?</h2>
<ul>${canaryLines(report).map(({ text }) => html`<li>${text}.</li>`)}</ul>
${rows.length === 0 ? null : html`<details><summary>Every visit</summary>${renderDataTable({ columns, rows }, caption, maxVisits)}</details>`}
</section>
`;
}

function toMs(ns: number | null): number | null {
  return ns === null ? null : ns / 1e6;
}
