import { extent } from "../../shared/stats/extent.ts";
import type { Fits, Study } from "../analysis/findings.ts";
import type { Metric } from "../analysis/metric.ts";
import type { Report } from "../analysis/report.ts";
import { significant } from "../report/numbers.ts";
import { hostAxis, selectHosts } from "./axis-roles.ts";
import { nameCell } from "./cell-names.ts";
import { describeHosts } from "./conditions.ts";
import type { FigureKind } from "./figure-kind.ts";
import type { DataTable, Guide, LinePoint, LinesPanel } from "./figure-spec.ts";
import { lawRate } from "./law-rate.ts";
import { limits, selectEvenly } from "./limits.ts";
import { rangeWords } from "./range-words.ts";
import { distinct } from "./time-scale.ts";
import { logAxis } from "./value-axes.ts";

/** Points of the drawn law between two of its ends. */
const lawPoints = 32;

/** Throughput against cores with the law that the points inside one package support. */
export const laws: FigureKind = {
  name: "laws",
  answers:
    "Which law do the cores of one socket follow, where does it bend, and what does a crossing cost?",

  specify(report) {
    const hosts = selectHosts(report);
    const studies = report.findings.studies.filter(
      ({ scope, fits }) =>
        scope.kind === "host" && hosts.members.includes(scope.id) && fits.preferred !== null,
    );
    if (studies.length === 0) return { absent: describeAbsence(report) };
    const { members, notes } = selectEvenly(studies, limits.panels, "curves");
    const names = [...(report.hosts.length > 1 ? [hostAxis] : []), ...report.varying];
    const title = (study: Study): string => titleOf(study, names);
    const shown = report.rows.filter(({ hostId }) => hosts.members.includes(hostId));
    return {
      title: "Fitted laws of scaling",
      says: describeFits(studies),
      notes: [
        `n = ${countLaunches(members)} launches a point; whiskers are 95 % intervals. ${describeHosts(report, shown)}`,
        "Dashed: the law, fitted in log space to the cores of one socket alone. The universal scalability law is taken where the interval of its coherency excludes 0, else Amdahl's.",
        "Knee: from there a doubling of cores brings less than half of what it could. Peak: more cores are slower. Both are marked only where they lie within what was measured.",
        ...hosts.notes,
        ...notes,
      ],
      chart: {
        kind: "lines",
        x: logAxis("cores", {
          ticks: distinct(members.flatMap(({ curve }) => curve.map(({ cores }) => cores))),
        }),
        y: logAxis("throughput (samples/s)", { shared: false }),
        series: ["cores of one socket", "across sockets"],
        idealName: "fitted law",
        joined: false,
        panels: members.map((study) => toPanel(study, title(study))),
      },
      table: tabulate(studies, title),
    };
  },
};

function titleOf({ workload, setting, scope }: Study, names: readonly string[]): string {
  return nameCell({ ...workload, ...setting, [hostAxis]: scope.id }, names) || "all cells";
}

function toPanel(study: Study, title: string): LinesPanel {
  const pointsOf = (isInside: boolean): LinePoint[] =>
    study.curve
      .filter(({ packages }) => (packages === 1) === isInside)
      .flatMap(({ cores, samplesPerSecond: rate }) =>
        rate.value === null
          ? []
          : [{ x: cores, value: rate.value, low: rate.low, high: rate.high, isVoid: false }],
      );
  const [inside, across] = [pointsOf(true), pointsOf(false)];
  const lines = [inside, across].map((points, series) => ({ series, points }));
  return {
    title,
    lines: lines.filter(({ points }) => points.length > 0),
    guides: guidesOf(study.fits),
    ideal: drawLaw(study.fits, inside),
  };
}

function guidesOf({ kneeCores, peakCores }: Fits): Guide[] {
  const guide = (metric: Metric, label: string): Guide[] =>
    metric.value === null ? [] : [{ axis: "x", at: metric.value, label }];
  return [...guide(kneeCores, "knee"), ...guide(peakCores, "peak")];
}

/** From the fewest to the most cores that were measured in one package, never beyond. */
function drawLaw(fits: Fits, inside: readonly LinePoint[]): LinesPanel["ideal"] {
  const rate = lawRate(fits);
  const cores = inside.map(({ x }) => x);
  const [low, high] = extent(cores);
  if (rate === null || !(high > low)) return null;
  return Array.from({ length: lawPoints }, (_, index) => {
    const x = low * (high / low) ** (index / (lawPoints - 1));
    return { x, y: rate(x) };
  });
}

function tabulate(studies: readonly Study[], title: (study: Study) => string): DataTable {
  const parameters = ["serial share", "contention", "coherency", "knee", "peak", "crossing factor"];
  return {
    columns: [
      "workload and setting",
      "law",
      ...parameters.flatMap((name) => [name, "low", "high"]),
      "residual (%)",
      "why not",
    ],
    rows: studies.map((study) => {
      const { amdahl, usl, preferred, kneeCores, peakCores, crossingFactor } = study.fits;
      const fit = preferred === "usl" ? usl : amdahl;
      const figures = [
        amdahl.parameters?.serialShare,
        usl.parameters?.contention,
        usl.parameters?.coherency,
        kneeCores,
        peakCores,
        crossingFactor,
      ];
      const reasons = [kneeCores, peakCores, crossingFactor].flatMap((metric) =>
        metric.value === null ? [metric.reason] : [],
      );
      return [
        title(study),
        preferred,
        ...figures.flatMap(triple),
        fit.parameters === null ? null : 100 * fit.residual,
        [...new Set(reasons)].join("; "),
      ];
    }),
  };
}

function triple(metric: Metric | undefined): (number | null)[] {
  if (metric === undefined || metric.value === null) return [null, null, null];
  return [metric.value, metric.low, metric.high];
}

function countLaunches(studies: readonly Study[]): string {
  const counts = studies.flatMap(({ curve }) =>
    curve.flatMap(({ samplesPerSecond: rate }) => (rate.value === null ? [] : [rate.n])),
  );
  return rangeWords(counts);
}

function describeFits(studies: readonly Study[]): string {
  const count = (name: "usl" | "amdahl"): number =>
    studies.filter(({ fits }) => fits.preferred === name).length;
  const factors = studies.flatMap(({ fits }) => fits.crossingFactor.value ?? []);
  const crossing =
    factors.length === 0
      ? ""
      : ` Across sockets a call takes ${rangeWords(factors, (factor) => significant(factor, 3))} times as long as the law of one socket says.`;
  const amdahl = count("amdahl");
  const parts = [
    ...(count("usl") > 0 ? [`the universal scalability law in ${count("usl")}`] : []),
    ...(amdahl > 0 ? [`Amdahl's law, without a peak, in ${amdahl}`] : []),
  ];
  return `Of ${studies.length} curves the data support ${parts.join(" and ")}.${crossing}`;
}

function describeAbsence({ findings }: Report): string {
  const reasons = findings.studies.flatMap(({ fits, curve }) =>
    curve.length > 0 && fits.amdahl.parameters === null ? [fits.amdahl.reason] : [],
  );
  return reasons[0] ?? "no workload was measured on several numbers of cores of one socket";
}
