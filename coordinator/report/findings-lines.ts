import type { Cell } from "../../shared/domain/cell.ts";
import type { Anomaly, PlacementVerdict, Scope, Study } from "../analysis/findings.ts";
import type { Metric } from "../analysis/metric.ts";
import type { Report } from "../analysis/report.ts";
import { mostGeneral } from "./most-general.ts";
import { absent, significant } from "./numbers.ts";
import { describeCell, type Note, printable } from "./report-notes.ts";
import type { TextColumn } from "./text-table.ts";

/** What the report for people shows of findings; the other formats have all. */
const limits = { verdicts: 16, metrics: 40, anomalies: 12, namedMetrics: 3, digits: 3 } as const;

/** One note a workload and objective: the placement, and the knobs that it is conditional on. */
export function verdictLines(report: Report): Note[] {
  const verdicts = mostGeneral(report.findings.verdicts);
  if (verdicts.length === 0) return [];
  if (
    verdicts.every(({ decision, conditionalOn }) => decision === null && conditionalOn.length === 0)
  ) {
    return [{ label: "placement", text: `no verdict: ${verdicts[0]?.reason ?? ""}`, verbatim: [] }];
  }
  const notes = verdicts.slice(0, limits.verdicts).map((verdict) => ({
    label: "placement",
    text: printable(`${whose(verdict, report)}: ${describeVerdict(verdict, report)}`),
    verbatim: [],
  }));
  return withRest(notes, verdicts.length, "placement");
}

function whose({ scope, workload, objective }: PlacementVerdict, report: Report): string {
  return [
    ...(report.hosts.length > 1 ? [describeScope(scope)] : []),
    describeCell(workload, varyingOf(workload, report)),
    objective,
  ]
    .filter((part) => part !== "")
    .join(", ");
}

export function describeScope({ kind, id }: Scope): string {
  return `${kind} ${id}`;
}

function varyingOf(cell: Cell, { varying }: Report): readonly string[] {
  return varying.filter((name) => cell[name] !== undefined);
}

function describeVerdict(verdict: PlacementVerdict, report: Report): string {
  const { bySetting, conditionalOn, decision, reason, holdsFor } = verdict;
  const under = describeCell(holdsFor, Object.keys(holdsFor));
  const held = under === "" ? "" : `, under ${under}`;
  if (conditionalOn.length === 0) return `${decision ?? "no verdict"} (${reason})${held}`;
  const each = bySetting.map(({ setting, decision: own }) => {
    const where = describeCell(setting, varyingOf(setting, report));
    return `${own ?? "no verdict"} with ${where}`;
  });
  return `depends on ${conditionalOn.join(" and ")}: ${each.join("; ")}${held}`;
}

/** The scaling metrics and fits that have a value, as a table. */
export function metricColumns(report: Report): readonly TextColumn[] {
  const rows = report.findings.studies.flatMap((study) => metricRows(study, report));
  const shown = rows.slice(0, limits.metrics);
  if (shown.length === 0) return [];
  const column = (
    header: readonly string[],
    align: "left" | "right",
    read: (row: MetricRow) => string,
  ): TextColumn => ({ header, align, key: align === "left", cells: shown.map(read) });
  const whoseRow = column(["of"], "left", ({ of }) => of);
  return [
    ...(whoseRow.cells.every((text) => text === "") ? [] : [whoseRow]),
    column(["metric"], "left", ({ name }) => name),
    column(["at"], "left", ({ at }) => at),
    column(["value"], "right", ({ figure }) => show(figure.value)),
    column(["from"], "right", ({ figure }) => show("low" in figure ? figure.low : null)),
    column(["to"], "right", ({ figure }) => show("high" in figure ? figure.high : null)),
    column(["n"], "right", ({ figure }) => ("n" in figure ? String(figure.n) : absent)),
  ];
}

function show(value: number | null): string {
  return value === null ? absent : significant(value, limits.digits);
}

interface MetricRow {
  readonly of: string;
  readonly name: string;
  readonly at: string;
  readonly figure: Metric;
}

function metricRows(study: Study, report: Report): readonly MetricRow[] {
  const { scope, workload, setting, fits, metrics } = study;
  const of = [
    ...(report.hosts.length > 1 ? [scope.id] : []),
    ...[workload, setting].map((cell) =>
      varyingOf(cell, report)
        .map((name) => String(cell[name]))
        .join(" "),
    ),
  ]
    .filter((part) => part !== "")
    .join(" ");
  const law = Object.entries(fits.amdahl.parameters ?? {}).map(([name, figure]) => ({
    name: `Amdahl ${name}`,
    figure,
  }));
  const usl = Object.entries(fits.usl.parameters ?? {}).map(([name, figure]) => ({
    name: `USL ${name}`,
    figure,
  }));
  const chosen = fits.preferred === "usl" ? usl : law;
  const features = [
    { name: "knee cores", figure: fits.kneeCores },
    { name: "peak cores", figure: fits.peakCores },
    { name: "crossing factor", figure: fits.crossingFactor },
  ];
  return [
    ...metrics.map(({ name, at, figure }) => ({
      of,
      name,
      at: Object.values(at).map(String).join(" "),
      figure,
    })),
    ...[...chosen, ...features].map((row) => ({ of, at: "", ...row })),
  ].filter(({ figure, name }) => figure.value !== null && name !== "locality");
}

/** What deserves a look; and why there is no figure where one could have been, once a reason. */
export function findingNotes(report: Report, mostAnomalies: number = limits.anomalies): Note[] {
  return [...anomalyNotes(report, mostAnomalies), ...metricNotes(report)];
}

function metricNotes({ findings }: Report): Note[] {
  const reasons = new Map<string, Set<string>>();
  let count = 0;
  for (const { metrics } of findings.studies) {
    for (const { name, figure } of metrics) {
      if (figure.value === null) {
        reasons.set(figure.reason, (reasons.get(figure.reason) ?? new Set()).add(name));
      } else count += 1;
    }
  }
  const hidden = count - limits.metrics;
  const notes = [...reasons].map(([reason, names]) => ({
    label: "metrics",
    text: `${nameMetrics([...names])}: none, ${reason}`,
    verbatim: [],
  }));
  const more = { label: "metrics", text: `${hidden} more, see the JSON report`, verbatim: [] };
  return hidden > 0 ? [more, ...notes] : notes;
}

/** What is absent, in a line: on a host with one socket all that needs two would be a paragraph. */
function nameMetrics(names: readonly string[]): string {
  const spoken = names.map((name) => name.replaceAll("-", " "));
  if (spoken.length <= limits.namedMetrics) return spoken.join(", ");
  return `${spoken.slice(0, 2).join(", ")} and ${spoken.length - 2} more`;
}

/** Failed and missing cells and canaries have notes of their own. */
function anomalyNotes(report: Report, most: number): Note[] {
  const found = report.findings.anomalies.filter(
    ({ kind }) => kind !== "failed" && kind !== "missing" && kind !== "canary-drift",
  );
  const notes = found.slice(0, most).map((anomaly) => ({
    label: "anomaly",
    text: printable(describeAnomaly(anomaly, report)),
    verbatim: [],
  }));
  return withRest(notes, found.length, "anomaly");
}

function describeAnomaly({ kind, hostId, cellIds, message }: Anomaly, report: Report): string {
  const host = hostId !== null && report.hosts.length > 1 ? `${hostId}, ` : "";
  const cell = report.rows.find((row) => row.cellId === cellIds[0])?.cell;
  const where = cell === undefined || cellIds.length > 3 ? "" : describeCell(cell, report.varying);
  return `${kind}: ${host}${where}${where === "" ? "" : ": "}${message}`;
}

function withRest(notes: Note[], total: number, label: string): Note[] {
  const hidden = total - notes.length;
  if (hidden <= 0) return notes;
  return [...notes, { label, text: `${hidden} more, see the JSON report`, verbatim: [] }];
}
