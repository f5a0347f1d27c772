/**
 * What a picture says, without how it is drawn: plain data that any renderer (SVG, terminal) can draw
 * from. Numbers are in the unit that the axis names; names are as the user wrote them, never escaped.
 */
export interface FigureSpec {
  readonly title: string;
  /** The finding in a sentence or two, from the data: also what a screen reader says instead. */
  readonly says: string;
  /** n, unit, hosts, conditions, and how what is shown was selected: one sentence each. */
  readonly notes: readonly string[];
  readonly chart: Chart;
  /** The same numbers as a table, for those who cannot see the picture or want the digits. */
  readonly table: DataTable;
}

export interface DataTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

export type Chart =
  | LinesChart
  | BarsChart
  | IntervalsChart
  | HeatChart
  | BoxesChart
  | ScatterChart
  | MatrixChart;

export interface ValueAxis {
  /** With its unit: `latency (ms)`. */
  readonly label: string;
  readonly scale: "linear" | "log";
  /** Where the ticks stand; null leaves them to the renderer. */
  readonly ticks: readonly number[] | null;
  /** Whether the axis begins at 0; a logarithmic one never does. */
  readonly fromZero: boolean;
  /** Whether all panels have the same axis, so that they can be compared; else each has its own. */
  readonly shared?: boolean;
}

/** Bounds are null where no interval is known. */
export interface Value {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** A line across the panel at one place of an axis, with its name. */
export interface Guide {
  readonly axis: "x" | "y";
  /** Dotted, for what matters less. */
  readonly minor?: boolean;
  readonly at: number;
  readonly label: string;
}

export interface LinesChart {
  readonly kind: "lines";
  readonly x: ValueAxis;
  readonly y: ValueAxis;
  /** Names of the series, for the legend; a line names its series by its place here. */
  readonly series: readonly string[];
  /** What the legend calls the lines to measure the others against; "ideal" unless given. */
  readonly idealName?: string;
  /** False where a line between points would say more than is known. */
  readonly joined?: boolean;
  readonly panels: readonly LinesPanel[];
}

export interface LinesPanel {
  readonly title: string;
  readonly lines: readonly { readonly series: number; readonly points: readonly LinePoint[] }[];
  readonly guides: readonly Guide[];
  /** A line to measure the others against, such as the ideal speed-up; null for none. */
  readonly ideal: readonly { readonly x: number; readonly y: number }[] | null;
}

export interface LinePoint extends Value {
  readonly x: number;
  /** Shown and not used: its verdict is invalid. */
  readonly isVoid: boolean;
}

export interface BarsChart {
  readonly kind: "bars";
  readonly y: ValueAxis;
  readonly series: readonly string[];
  readonly panels: readonly {
    readonly title: string;
    readonly clusters: readonly {
      readonly label: string;
      readonly bars: readonly (Value & { readonly series: number })[];
    }[];
  }[];
}

/** Values with intervals on a common axis, one row a name. */
export interface IntervalsChart {
  readonly kind: "intervals";
  readonly x: ValueAxis;
  readonly series: readonly string[];
  /** Such as the ratio 1 of "no difference". */
  readonly guides: readonly Guide[];
  readonly panels: readonly {
    readonly title: string;
    readonly rows: readonly {
      readonly label: string;
      readonly marks: readonly (Value & { readonly series: number })[];
    }[];
  }[];
}

export interface HeatChart {
  readonly kind: "heat";
  readonly columnsLabel: string;
  readonly rowsLabel: string;
  /** What the colour means, from its light to its dark end. */
  readonly scaleLabel: string;
  readonly panels: readonly {
    readonly title: string;
    readonly columns: readonly string[];
    readonly rows: readonly string[];
    readonly cells: readonly HeatCell[];
  }[];
}

export interface HeatCell {
  readonly column: number;
  readonly row: number;
  /** Place on the scale of colours, 0 to 1; null has no colour. */
  readonly level: number | null;
  /** Written into the cell: at most two short lines. */
  readonly lines: readonly string[];
}

/** Distributions, one row a name. */
export interface BoxesChart {
  readonly kind: "boxes";
  readonly x: ValueAxis;
  readonly rows: readonly {
    readonly label: string;
    readonly box: Box;
    /** Written at the end of the row. */
    readonly value: string;
  }[];
}

/** Quantiles of calls, ascending. */
export interface Box {
  readonly min: number;
  readonly p5: number;
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
  readonly p95: number;
  readonly max: number;
}

export interface ScatterChart {
  readonly kind: "scatter";
  readonly x: ValueAxis;
  readonly y: ValueAxis;
  readonly series: readonly string[];
  readonly panels: readonly {
    readonly title: string;
    readonly points: readonly ScatterPoint[];
    /** Points that a line joins, in its order: the Pareto front, a running median. */
    readonly path: readonly { readonly x: number; readonly y: number }[];
    readonly guides: readonly Guide[];
  }[];
}

export interface ScatterPoint {
  readonly x: number;
  readonly y: number;
  readonly series: number;
  /** What the point is, for its tooltip. */
  readonly name: string;
  /** Written beside the point; empty for most. */
  readonly label: string;
  /** Intervals of both; null or left out where they are not known. */
  readonly bounds?: {
    readonly x: readonly [low: number, high: number] | null;
    readonly y: readonly [low: number, high: number] | null;
  };
}

/** States of many cells in rows and columns. */
export interface MatrixChart {
  readonly kind: "matrix";
  readonly columnsLabel: string;
  readonly rowsLabel: string;
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  readonly cells: readonly MatrixCell[];
}

export const cellStates = ["ok", "flagged", "invalid", "failed", "missing"] as const;
export type CellState = (typeof cellStates)[number];

export interface MatrixCell {
  readonly column: number;
  readonly row: number;
  /** How many cells of the sweep stand here, by state. */
  readonly counts: Readonly<Record<CellState, number>>;
}
