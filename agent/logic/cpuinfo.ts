import { type CpuSet, formatCpuList, toCpuSet } from "../../shared/domain/cpuset.ts";
import { armFeatureTokens, isaFlags } from "../../shared/domain/isa-flags.ts";
import type { ArmPart, CpuIdentity, MapByValue } from "../../shared/domain/topology.ts";

/** What /proc/cpuinfo says about the PUs of one host. */
export interface CpuInfo {
  readonly cpu: CpuIdentity | null;
  readonly flags: Readonly<Record<string, boolean>> | null;
  readonly armFeatures: Readonly<Record<string, boolean>> | null;
  /** Sentences about blocks that differ from the first. */
  readonly problems: readonly string[];
}

/** The lines of one processor; `cut` where the text ends inside the block's last line. */
interface Block {
  readonly pu: number | null;
  readonly fields: ReadonlyMap<string, string>;
}

/**
 * Reads the identity and the ISA flags from /proc/cpuinfo, taking the blocks of the `online` PUs (all
 * blocks where none of these match). A flag is true where every block shows it, so that one CPU
 * without it is not sent work that it cannot run.
 */
export function parseCpuInfo(text: string, online: CpuSet | null): CpuInfo {
  const all = parseBlocks(text);
  const members = new Set(online ?? []);
  const ours = all.filter(({ pu }) => pu !== null && members.has(pu));
  const blocks = ours.length > 0 ? ours : all;
  const first = blocks[0];
  if (first === undefined) return { cpu: null, flags: null, armFeatures: null, problems: [] };
  return {
    cpu: toIdentity(first, blocks, all),
    flags: commonFlags(blocks),
    armFeatures: toArmFeatures(first),
    problems: ["microcode", "flags", "model name", "stepping"].flatMap((field) =>
      describeVariants(blocks, field),
    ),
  };
}

/** x86 blocks start at `processor` and end at an empty line; ARM text may have common lines at its end. */
function parseBlocks(text: string): Block[] {
  const lines = dropCutToken(text).split("\n");
  const blocks: Map<string, string>[] = [];
  let current: Map<string, string> | undefined;
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon < 0) {
      if (line.trim() === "") current = undefined;
      continue;
    }
    const key = line.slice(0, colon).trim();
    if (current === undefined || (key === "processor" && current.has(key))) {
      current = new Map();
      blocks.push(current);
    }
    if (!current.has(key)) current.set(key, line.slice(colon + 1).trim());
  }
  return blocks.map((fields) => ({ pu: toInteger(fields.get("processor")), fields }));
}

/** A text that ends without a newline may end inside a word: half a flag is no flag. */
function dropCutToken(text: string): string {
  return text === "" || text.endsWith("\n") ? text : text.replace(/\S+$/, "");
}

function toIdentity(first: Block, blocks: readonly Block[], all: readonly Block[]): CpuIdentity {
  const { fields } = first;
  return {
    arch: isX86(first) ? "x86" : "other",
    vendor: fields.get("vendor_id") || null,
    modelName: fields.get("model name")?.replace(/\s+/g, " ") || null,
    family: toInteger(fields.get("cpu family")),
    model: toInteger(fields.get("model")),
    stepping: toInteger(fields.get("stepping")),
    microcode: fields.get("microcode") || null,
    microcodes: mapVariants(blocks, "microcode"),
    bugs: fields.get("bugs")?.split(/\s+/).filter(Boolean).sort() ?? null,
    armParts: toArmParts(blocks.some(hasArmPart) ? blocks : all),
  };
}

/** Other architectures have no `flags` line, or write other words into it. */
function isX86({ fields }: Block): boolean {
  return fields.has("vendor_id") && fields.has("cpu family") && fields.has("flags");
}

function hasArmPart({ fields }: Block): boolean {
  return fields.has("CPU part");
}

function toArmParts(blocks: readonly Block[]): readonly ArmPart[] | null {
  const parts = new Map<string, ArmPart>();
  for (const { fields } of blocks) {
    const part = fields.get("CPU part");
    if (part === undefined) continue;
    const found = {
      implementer: fields.get("CPU implementer") ?? null,
      part,
      variant: fields.get("CPU variant") ?? null,
      revision: fields.get("CPU revision") ?? null,
    };
    parts.set(JSON.stringify(found), found);
  }
  return parts.size === 0 ? null : [...parts.values()];
}

function commonFlags(blocks: readonly Block[]): Readonly<Record<string, boolean>> | null {
  const lines = new Set(
    blocks.filter(isX86).flatMap(({ fields }) => fields.get("flags")?.trim() || []),
  );
  if (lines.size === 0) return null;
  const tokens = [...lines].map((line) => new Set(line.split(/\s+/)));
  return Object.fromEntries(
    isaFlags.map((flag) => [flag, tokens.every((present) => present.has(flag))]),
  );
}

function toArmFeatures(first: Block): Readonly<Record<string, boolean>> | null {
  const line = first.fields.get("Features");
  if (line === undefined || !hasArmPart(first)) return null;
  const tokens = new Set(line.split(/\s+/));
  return Object.fromEntries(
    Object.entries(armFeatureTokens).map(([name, token]) => [name, tokens.has(token)]),
  );
}

/** One sentence per field that is not the same in every block, naming each variant's PUs. */
function describeVariants(blocks: readonly Block[], field: string): string[] {
  const variants = mapVariants(blocks, field);
  if (variants === null) return [];
  const values = Object.keys(variants);
  const sentences = Object.entries(variants).map(
    ([value, cpus]) => `${shortValue(field, value, values)} on CPUs ${cpus}`,
  );
  return [`${field} differs between CPUs: ${sentences.join("; ")}`];
}

/** The values of a field with their PUs; null where no two blocks differ. */
function mapVariants(blocks: readonly Block[], field: string): MapByValue | null {
  const pusByValue = new Map<string, number[]>();
  for (const { pu, fields } of blocks) {
    const value = fields.get(field);
    if (value === undefined || pu === null) continue;
    const pus = pusByValue.get(value);
    if (pus === undefined) pusByValue.set(value, [pu]);
    else pus.push(pu);
  }
  if (pusByValue.size < 2) return null;
  return Object.fromEntries(
    [...pusByValue].map(([value, pus]) => [value, formatCpuList(toCpuSet(pus))]),
  );
}

/** Of flags only those that not every variant has: a whole line would be a page. */
function shortValue(field: string, value: string, variants: readonly string[]): string {
  if (field !== "flags") return value;
  const lists = variants.map((line) => new Set(line.split(/\s+/)));
  const own = value.split(/\s+/).filter((flag) => !lists.every((list) => list.has(flag)));
  return own.length === 0 ? "no additional flags" : own.slice(0, 20).join(" ");
}

function toInteger(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
