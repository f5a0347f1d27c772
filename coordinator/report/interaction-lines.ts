import { groupBy } from "../../shared/domain/group-by.ts";
import type { Interaction } from "../analysis/findings.ts";
import type { Report } from "../analysis/report.ts";
import { nameCell, nameValue } from "../figures/cell-names.ts";
import { describeScope } from "./findings-lines.ts";
import { mostGeneral } from "./most-general.ts";
import { type Note, printable } from "./report-notes.ts";
import { showFigure } from "./show-metric.ts";

/** Notes for people; the page has more, and JSON all. */
const maxNotes = 8;

/** Settings whose effect depends on another axis: none of them is a setting to recommend by itself. */
export function interactionLines(report: Report): Note[] {
  const { shown, total } = chooseInteractions(report, maxNotes);
  const notes = shown.map((interaction) => describeInteraction(interaction, report));
  const hidden = total - shown.length;
  const more = hidden > 0 ? [`${hidden} more, see the JSON report`] : [];
  return [...notes, ...more].map((text) => ({
    label: "depends",
    text: printable(text),
    verbatim: [],
  }));
}

export interface ChosenInteractions {
  readonly shown: readonly ChosenInteraction[];
  readonly total: number;
}

/** One that stands for all of the same change across the same axis. */
export interface ChosenInteraction extends Interaction {
  /** How many more there are of other workloads, settings and hosts. */
  readonly alike: number;
}

/**
 * Of whole classes where there are any; of each change across each axis the strongest. First those that change their
 * direction, then the strongest.
 */
export function chooseInteractions({ findings }: Report, most: number): ChosenInteractions {
  const general = mostGeneral(findings.interactions);
  const rank = ({ opposite, strength }: Interaction): number =>
    (opposite ? 1e6 : 0) + (strength.value === null ? 0 : (strength.low ?? strength.value));
  const sorted = general.toSorted((a, b) => rank(b) - rank(a));
  const kinds = groupBy(sorted, ({ axis, from, to, across }) =>
    JSON.stringify([axis, from, to, across]),
  );
  const strongest = [...kinds.values()].flatMap(([first, ...others]): ChosenInteraction[] =>
    first === undefined ? [] : [{ ...first, alike: others.length }],
  );
  return { shown: strongest.slice(0, most), total: strongest.length };
}

/** `dtype int8 instead of fp32 is … times as fast at placement one-socket, and … at all-sockets` with the workload. */
export function describeInteraction(interaction: ChosenInteraction, report: Report): string {
  const { scope, workload, axis, from, to, effects, opposite, alike } = interaction;
  const sorted = effects.toSorted((a, b) => (a.speedUp.value ?? 0) - (b.speedUp.value ?? 0));
  const [low, high] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined) return "";
  const varying = (cell: Interaction["workload"]): string =>
    nameCell(
      cell,
      report.varying.filter((name) => cell[name] !== undefined),
    );
  const where = [
    ...(report.hosts.length > 1 ? [describeScope(scope)] : []),
    varying(workload),
    varying(interaction.fixed),
  ].filter((part) => part !== "");
  const place = where.length === 0 ? "" : `${where.join(", ")}: `;
  const more = alike === 0 ? "" : `; ${alike} more of other workloads, settings or hosts`;
  const joint = opposite ? "but" : "and";
  return `${place}${nameValue(axis, to)} instead of ${from} makes it ${showFigure(low.speedUp)} as fast at ${nameAt(low.at)}, ${joint} ${showFigure(high.speedUp)} at ${nameAt(high.at)}${more}`;
}

/** A value of the other axis, which says its name, in words. */
export function nameAt(at: string): string {
  return at.replaceAll("_", " ");
}
