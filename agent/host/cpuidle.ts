import type { CpuIdleState } from "../../shared/domain/topology.ts";
import { cpuDirectory, type HostFiles, listNumbered, readInteger, readWord } from "./host-files.ts";

/** The idle states of one PU, which stand for the host's; null where it has none. */
export async function readIdleStates(
  files: HostFiles,
  pu: number | undefined,
): Promise<readonly CpuIdleState[] | null> {
  if (pu === undefined) return null;
  const directory = `${cpuDirectory}/cpu${pu}/cpuidle`;
  const numbers = await listNumbered(files, directory, "state");
  if (numbers === null || numbers.length === 0) return null;
  const states: CpuIdleState[] = [];
  for (const number of numbers) {
    const state = `${directory}/state${number}`;
    states.push({
      state: number,
      name: await readWord(files, `${state}/name`),
      latencyUs: await readInteger(files, `${state}/latency`),
      disabled: await readInteger(files, `${state}/disable`),
    });
  }
  return states;
}
