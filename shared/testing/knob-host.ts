/** A host with everything that knobs can ask for, one memory node and no library. */
export const plainKnobHost = {
  bindingTool: "numactl" as const,
  scopes: { manager: null, problem: "a test has no service manager" },
  canBindMemory: true,
  memoryNodes: [0],
  libraries: {},
  hasDeathSignal: false,
  hugePages: { values: ["always", "madvise", "never"], problem: null },
  governor: { values: [], problem: "this host has no frequency governors" },
};

/** What a process shows of which nothing but its placement was asked. */
export const plainEvidence = {
  mappedFiles: [],
  reported: {},
  stderrHead: "",
  allowedPus: [],
  soloPus: [],
  host: { hugePages: null, governor: null, hugePageBytes: null },
};

/** What a probe answers whose agent may make no cgroups. */
export const noCgroups = {
  owner: (_path: string): Promise<number | null> => Promise.resolve(null),
  write: (_path: string, _text: string): Promise<boolean> => Promise.resolve(false),
  makeDirectory: (_path: string): Promise<boolean> => Promise.resolve(false),
  removeDirectory: (_path: string): Promise<boolean> => Promise.resolve(false),
};
