/** A message as it stands in the log, parsed without the programs' own codec. */
export interface RawEntry {
  readonly sweep: string;
  readonly shard: string;
  readonly kind: string;
  readonly payload: RawPayload;
}

export interface RawPayload {
  readonly grant_id?: string;
  readonly host_id?: string;
  readonly prev?: string | null;
  readonly shard_count?: number;
  readonly method?: { readonly min_launches: number };
  readonly from_host_id?: string;
  readonly movable_to?: readonly string[];
  readonly cell_id?: string;
  readonly by?: string;
  /** Of a draft, and of the submission that makes it a sweep. */
  readonly plan_id?: string;
  readonly schedule?: string;
  readonly at_ms?: number;
  readonly fire_at_ms?: number;
  readonly fired_sweep_id?: string;
  readonly skipped?: string | null;
  readonly to_ms?: number;
  readonly after_ms?: number;
  readonly count?: number;
  readonly cells?: readonly { readonly cell_id: string }[];
  readonly result?: {
    readonly attempt_id: string;
    readonly host_id: string;
    readonly grant_id: string;
    readonly cell_id: string;
    readonly launch: number;
    readonly terminal: "ok" | "failed" | null;
    readonly outcome: {
      readonly type: string;
      readonly median_ns?: number;
      readonly reason?: string;
    };
  };
}

export function parseRaw(subject: string, payload: string): RawEntry {
  const [, , sweep = "", shard = "", kind = ""] = subject.split(".");
  return { sweep, shard, kind, payload: JSON.parse(payload) as RawPayload };
}
