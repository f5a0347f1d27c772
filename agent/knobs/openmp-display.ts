/** What OpenMP runtimes say of themselves in stderr with OMP_DISPLAY_ENV=VERBOSE and KMP_VERSION=1. */
export interface OpenmpDisplay {
  /** libgomp's settings by name; null where it did not show them. It shows them when it is loaded. */
  readonly gnu: ReadonlyMap<string, string> | null;
  /** libomp's or libiomp5's; it shows them when it is first called. */
  readonly intel: ReadonlyMap<string, string> | null;
  /** The banner of libomp or libiomp5: it was called, so the program's symbols are bound to it. */
  readonly intelVersion: string | null;
}

/** `  OMP_NUM_THREADS = '2'` of libgomp; `  [host] KMP_BLOCKTIME='200'` of libomp. */
const settingLine = /^\s*(\[host\])?\s*([A-Z_]+)\s*=\s*'?([^']*)'?\s*$/;

/** Takes the blocks apart by their own settings: both runtimes write the same frame around them. */
export function parseOpenmpDisplay(stderr: string): OpenmpDisplay {
  const blocks = [
    ...stderr.matchAll(/OPENMP DISPLAY ENVIRONMENT BEGIN([\s\S]*?)OPENMP DISPLAY ENVIRONMENT END/g),
  ].map(([, body = ""]) => parseBlock(body));
  return {
    gnu: blocks.find((block) => block.has("GOMP_SPINCOUNT")) ?? null,
    intel: blocks.find((block) => block.has("KMP_BLOCKTIME")) ?? null,
    intelVersion: /^(?:LLVM|Intel\(R\)) OMP version: (\S+)/m.exec(stderr)?.[1] ?? null,
  };
}

function parseBlock(body: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const line of body.split("\n")) {
    const [, , name, value] = settingLine.exec(line) ?? [];
    if (name !== undefined && value !== undefined) settings.set(name, value);
  }
  return settings;
}
