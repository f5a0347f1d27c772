import { countOf, formatBytes, printable } from "../../shared/domain/text-layout.ts";
import { formatDuration } from "../plan-view/format-duration.ts";
import type { ListedHost } from "./hosts-table.ts";

/** What is known of a host beside its topology, as labels and texts for people. */
export function hostLines(host: ListedHost, nowMs: number): (readonly [string, string])[] {
  const { agentVersion, spoolDepth, spoolBytes, currentSweepId } = host;
  const bytes = spoolBytes > 0 ? `, ${formatBytes(spoolBytes)}` : "";
  const runners = host.runners.map(({ name }) => name).sort();
  const labels = Object.entries(host.labels).map(([name, value]) => `${name}=${value}`);
  const lines: (readonly [string, string])[] = [
    ["agent", [...(agentVersion === "" ? [] : [agentVersion]), heard(host, nowMs)].join(", ")],
    ["spool", spoolDepth === 0 ? "empty" : `${countOf(spoolDepth, "result")}${bytes}`],
    ["sweep", currentSweepId],
    ["runners", runners.join(", ")],
    ["labels", labels.sort().join(", ")],
  ];
  return lines.filter(([, text]) => text !== "").map(([label, text]) => [label, printable(text)]);
}

function heard({ lastSeenMs, heardBy }: ListedHost, nowMs: number): string {
  if (lastSeenMs === 0) return "not heard since the coordinators began";
  const by = heardBy === "" ? "" : ` by coordinator ${heardBy}`;
  return `heard ${formatDuration((nowMs - lastSeenMs) / 1_000)} ago${by}`;
}
