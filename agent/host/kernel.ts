import { type HostFiles, readText, readWord } from "./host-files.ts";

/** What the kernel says about itself. */
export interface KernelFacts {
  readonly kernelRelease: string | null;
  readonly architecture: string | null;
  readonly kernelCmdline: string | null;
  readonly vulnerabilities: Readonly<Record<string, string>> | null;
}

export async function readKernel(files: HostFiles): Promise<KernelFacts> {
  // hwloc's dump tool writes this file into the trees that it captures.
  const dump = await readText(files, "proc/hwloc-nofile-info");
  const version = /^Linux version (\S+)/.exec((await readWord(files, "proc/version")) ?? "")?.[1];
  return {
    kernelRelease:
      version ?? field(dump, "OSRelease") ?? (await readWord(files, "proc/sys/kernel/osrelease")),
    architecture: field(dump, "Architecture") ?? (await readWord(files, "proc/sys/kernel/arch")),
    kernelCmdline: (await readText(files, "proc/cmdline"))?.replace(/\n+$/, "") ?? null,
    vulnerabilities: await readVulnerabilities(files),
  };
}

function field(text: string | null, name: string): string | null {
  return new RegExp(`^${name}:[ \\t]*(\\S+)`, "m").exec(text ?? "")?.[1] ?? null;
}

async function readVulnerabilities(
  files: HostFiles,
): Promise<Readonly<Record<string, string>> | null> {
  const directory = "sys/devices/system/cpu/vulnerabilities";
  const states: Record<string, string> = {};
  for (const name of (await files.reader.list(directory)) ?? []) {
    const state = await readWord(files, `${directory}/${name}`);
    if (state !== null) states[name] = state;
  }
  return Object.keys(states).length === 0 ? null : states;
}
