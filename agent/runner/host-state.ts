import { governorPath } from "../knobs/governor.ts";
import { selected } from "../knobs/host-settings.ts";
import { hugePagesPath } from "../knobs/huge-pages.ts";
import type { HostState } from "../knobs/knob.ts";
import type { HostFiles } from "./launch-files.ts";

/** The settings of the host that hold for a process on these PUs now. */
export async function readHostState(
  files: HostFiles,
  pid: number,
  pus: readonly number[],
): Promise<HostState> {
  const [hugePages, smaps, ...governors] = await Promise.all([
    files.read(hugePagesPath),
    files.read(`/proc/${pid}/smaps_rollup`),
    ...pus.map((pu) => files.read(governorPath(pu))),
  ]);
  const kilobytes = /^AnonHugePages:\s+(\d+) kB$/m.exec(smaps ?? "")?.[1];
  const [governor, ...others] = new Set(governors.map((text) => text?.trim() ?? null));
  return {
    hugePages: selected(hugePages ?? null),
    governor: others.length > 0 ? null : (governor ?? null),
    hugePageBytes: kilobytes === undefined ? null : Number(kilobytes) * 1_024,
  };
}
