import { type CpuSet, maxPuId, toCpuSet } from "./cpuset.ts";

/** Bits in one comma-separated group of a mask. */
const groupBits = 32;
/** Hex digits of one full group. */
const groupDigits = 8;

/**
 * Parses the kernel's mask format: hexadecimal groups of 32 bits, the most significant first
 * (`ffff,00000000`), of which the first may be short and leading ones may be missing. Null where the
 * text is no mask, is empty, or names a PU beyond {@link maxPuId}.
 * https://docs.kernel.org/core-api/printk-formats.html#bitmap-and-its-derivatives-such-as-cpumask-and-nodemask
 */
export function parseCpuMask(text: string): CpuSet | null {
  const groups = text.replaceAll("\0", "").trim().toLowerCase().replace(/^0x/, "").split(",");
  const cpus: number[] = [];
  for (const [index, group] of groups.entries()) {
    const fromRight = groups.length - 1 - index;
    if (!isGroup(group, groups.length)) return null;
    if (!addGroup(cpus, group, fromRight * groupBits)) return null;
  }
  return toCpuSet(cpus);
}

/** A mask without commas may be one long number, as some tools write it. */
function isGroup(group: string, groupCount: number): boolean {
  if (!/^[0-9a-f]+$/.test(group)) return false;
  return groupCount === 1 || group.length <= groupDigits;
}

/** Goes digit by digit: JavaScript's shifts wrap at 32 bits. */
function addGroup(cpus: number[], group: string, firstPu: number): boolean {
  for (let digit = 0; digit < group.length; digit += 1) {
    const value = Number.parseInt(group.charAt(group.length - 1 - digit), 16);
    for (let bit = 0; bit < 4; bit += 1) {
      if ((value & (1 << bit)) === 0) continue;
      const pu = firstPu + digit * 4 + bit;
      if (pu > maxPuId) return false;
      cpus.push(pu);
    }
  }
  return true;
}
