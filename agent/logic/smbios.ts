import type { Dimm } from "../../shared/domain/topology.ts";

/**
 * Parses one SMBIOS record of type 17, a memory device, as /sys/firmware/dmi/entries/17-N/raw has it.
 * Null where it is no such record. Serial numbers and asset tags are not read.
 * DMTF DSP0134 3.7, section 7.18.
 */
export function parseMemoryDevice(raw: Uint8Array): Dimm | null {
  const length = raw[1] ?? 0;
  // The record of SMBIOS 2.1, the shortest there is, ends at 0x15.
  if (raw[0] !== 17 || length < 0x15 || raw.length < length) return null;
  const strings = readStrings(raw.subarray(length));
  const text = (offset: number): string | null =>
    offset < length ? (strings[(raw[offset] ?? 0) - 1]?.trim() ?? null) || null : null;
  const word = (offset: number): number =>
    offset + 1 < length ? (raw[offset] ?? 0) | ((raw[offset + 1] ?? 0) << 8) : 0;
  return {
    locator: text(0x10),
    bank: text(0x11),
    manufacturer: text(0x17),
    partNumber: text(0x1a),
    sizeMiB: memorySizeMiB(word(0x0c), word(0x1c) + word(0x1e) * 0x1_0000),
    speedMTs: knownSpeed(word(0x15)),
    configuredMTs: knownSpeed(word(0x20)),
    typeCode: raw[0x12] ?? null,
  };
}

/** 0xffff is unknown; 0x7fff means that the extended size, in MiB, holds; bit 15 set means KiB. */
function memorySizeMiB(size: number, extendedMiB: number): number | null {
  if (size === 0xffff) return null;
  if (size === 0x7fff) return extendedMiB % 0x8000_0000;
  return size >= 0x8000 ? (size - 0x8000) / 1024 : size;
}

/** 0 is unknown; 0xffff means that a later field holds, which only memory beyond 65 GT/s has. */
function knownSpeed(speed: number): number | null {
  return speed === 0 || speed === 0xffff ? null : speed;
}

/** The strings after a record: each ends in NUL, the set in an empty one. */
function readStrings(bytes: Uint8Array): string[] {
  const strings: string[] = [];
  let current = "";
  for (const byte of bytes) {
    if (byte !== 0) {
      current += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "?";
    } else {
      if (current === "") break;
      strings.push(current);
      current = "";
    }
  }
  return strings;
}
