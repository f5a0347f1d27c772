import { setTimeout } from "node:timers/promises";
import { baseboard, bios, memLayout, osInfo, system } from "systeminformation";
import type { Dimm } from "../../shared/domain/topology.ts";
import type { SystemFacts } from "../logic/complete-topology.ts";

/** The functions of systeminformation that are used; its CPU and memory figures are not. */
export interface SystemLibrary {
  readonly osInfo: () => Promise<{ readonly distro: string; readonly release: string }>;
  readonly system: () => Promise<{ readonly manufacturer: string; readonly model: string }>;
  readonly bios: () => Promise<{
    readonly vendor: string;
    readonly version: string;
    readonly releaseDate: string;
  }>;
  readonly baseboard: () => Promise<{ readonly manufacturer: string; readonly model: string }>;
  readonly memLayout: () => Promise<readonly MemoryModule[]>;
}

interface MemoryModule {
  readonly size: number;
  readonly bank: string;
  readonly type: string;
  readonly clockSpeed: number | null;
  readonly manufacturer?: string | undefined;
  readonly partNum: string;
}

export const systemLibrary: SystemLibrary = { osInfo, system, bios, baseboard, memLayout };

/** The library starts programs such as dmidecode; one that hangs costs its facts and no more. */
const answerTimeoutMs = 10_000;

/**
 * Asks the operating system's tools for OS, board, BIOS and DIMMs. They start processes, so this is
 * for once at the agent's start, never while something is measured. What a tool may not read is null.
 */
export async function readSystemFacts(library: SystemLibrary): Promise<SystemFacts> {
  // One after another: side by side they would start a dozen processes at once.
  const os = await answerOf(library.osInfo);
  const machine = await answerOf(library.system);
  const firmware = await answerOf(library.bios);
  const board = await answerOf(library.baseboard);
  const modules = (await answerOf(library.memLayout)) ?? [];
  const dmi = keepKnown({
    sys_vendor: machine?.manufacturer,
    product_name: machine?.model,
    board_vendor: board?.manufacturer,
    board_name: board?.model,
    bios_vendor: firmware?.vendor,
    bios_version: firmware?.version,
    bios_date: firmware?.releaseDate,
  });
  const dimms = modules.filter(isReal).map(toDimm);
  return {
    osName: os === null ? null : `${os.distro} ${os.release}`.trim() || null,
    dmi: Object.keys(dmi).length === 0 ? null : dmi,
    dimms: dimms.length === 0 ? null : dimms,
  };
}

async function answerOf<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
  const waiting = new AbortController();
  const { signal } = waiting;
  const timeout = setTimeout(answerTimeoutMs, null, { signal, ref: false }).catch(() => null);
  try {
    return await Promise.race([ask(), timeout]);
  } catch {
    // A tool that fails says nothing, and nothing rests on it.
    return null;
  } finally {
    waiting.abort();
  }
}

/** Where it may not read the firmware's table, the library makes up one module of all memory. */
function isReal({ type, partNum, size }: MemoryModule): boolean {
  return size > 0 && (type.trim() !== "" || partNum.trim() !== "");
}

function toDimm({ size, bank, clockSpeed, manufacturer, partNum }: MemoryModule): Dimm {
  return {
    locator: null,
    bank: bank.trim() || null,
    manufacturer: manufacturer?.trim() || null,
    partNumber: partNum.trim() || null,
    sizeMiB: Math.round(size / 2 ** 20),
    speedMTs: null,
    configuredMTs: clockSpeed === null || clockSpeed <= 0 ? null : clockSpeed,
    typeCode: null,
  };
}

function keepKnown(
  values: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const known = Object.entries(values).flatMap(([name, value]) =>
    value === undefined || value.trim() === "" ? [] : [[name, value.trim()] as const],
  );
  return Object.fromEntries(known);
}
