import type { Metric } from "../../shared/domain/metrics.ts";

/** As in the agent's heartbeat. */
interface AgentState {
  readonly state?: string;
  readonly spoolDepth?: number;
  readonly spoolBytes?: number | string;
}

const words = ["idle", "measuring", "paused"];

/** One agent as metrics. */
export function agentMetrics(
  { state = "", spoolDepth = 0, spoolBytes = 0 }: AgentState,
  linksUp: number,
): readonly Metric[] {
  return [
    {
      name: "fleetsweep_agent_state",
      help: "1 for what the agent does, 0 for the rest.",
      type: "gauge",
      samples: words.map((word) => ({
        labels: { state: word },
        value: state.split(":")[0] === word ? 1 : 0,
      })),
    },
    gauge("fleetsweep_agent_links", "Coordinators that are connected.", linksUp),
    gauge("fleetsweep_agent_spool_records", "Results that are not released.", spoolDepth),
    gauge("fleetsweep_agent_spool_bytes", "Bytes of these results.", Number(spoolBytes)),
  ];
}

function gauge(name: string, help: string, value: number): Metric {
  return { name, help, type: "gauge", samples: [{ value }] };
}
