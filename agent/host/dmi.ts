import type { Dimm } from "../../shared/domain/topology.ts";
import { parseMemoryDevice } from "../logic/smbios.ts";
import { type HostFiles, listNumbered, readText } from "./host-files.ts";

/** What the firmware says of board and memory. Serial numbers, UUIDs and asset tags are not read. */
export interface DmiFacts {
  readonly dmi: Readonly<Record<string, string>> | null;
  readonly dmiMemoryDeviceEntries: number | null;
  readonly dimms: readonly Dimm[] | null;
}

export const dmiFields = [
  "sys_vendor",
  "product_name",
  "product_version",
  "board_vendor",
  "board_name",
  "bios_vendor",
  "bios_version",
  "bios_date",
] as const;

export async function readDmi(files: HostFiles): Promise<DmiFacts> {
  return { dmi: await readDmiIds(files), ...(await readDimms(files)) };
}

async function readDmiIds(files: HostFiles): Promise<Readonly<Record<string, string>> | null> {
  for (const directory of ["sys/devices/virtual/dmi/id", "sys/class/dmi/id"]) {
    const ids: Record<string, string> = {};
    for (const name of dmiFields) {
      const text = await readText(files, `${directory}/${name}`);
      if (text !== null) ids[name] = text.trim();
    }
    if (Object.keys(ids).length > 0) return ids;
  }
  return null;
}

const entriesDirectory = "sys/firmware/dmi/entries";

/** The raw records need root; without it their number is known and nothing else. */
async function readDimms(files: HostFiles): Promise<Omit<DmiFacts, "dmi">> {
  const entries = await listNumbered(files, entriesDirectory, "17-");
  if (entries === null || entries.length === 0)
    return { dmiMemoryDeviceEntries: null, dimms: null };
  const dimms: Dimm[] = [];
  for (const entry of entries) {
    const path = `${entriesDirectory}/17-${entry}/raw`;
    const reading = await files.reader.readBinary(path);
    if (reading.state === "failed") {
      files.warnings.add(path, `${reading.reason}: DIMMs are unknown`);
      return { dmiMemoryDeviceEntries: entries.length, dimms: null };
    }
    const dimm = reading.state === "present" ? parseMemoryDevice(reading.bytes) : null;
    if (dimm !== null) dimms.push(dimm);
  }
  return {
    dmiMemoryDeviceEntries: entries.length,
    dimms: dimms.length === 0 ? null : dimms,
  };
}
