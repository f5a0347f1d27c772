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
