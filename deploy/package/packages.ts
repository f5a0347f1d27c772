/** One of the two Debian packages: what it holds, and what it says of itself. */
export interface DebianPackage {
  readonly name: string;
  /** One line of at most 60 characters, without an article. */
  readonly summary: string;
  readonly description: readonly string[];
  readonly depends: readonly string[];
  readonly recommends: readonly string[];
  readonly suggests: readonly string[];
  /** The program in /usr/bin, and the file of `dist` that it starts. */
  readonly program: string;
  readonly entry: string;
  /** Whether the program waits for most of its time beside programs that are measured, and is to be small. */
  readonly waits: boolean;
  /** Folders of `dist` that are carried along. */
  readonly built: readonly string[];
  /** Files and folders of the project that stand beside `dist`. */
  readonly data: readonly string[];
  /** Units of deploy/systemd in the order in which they are started; those that an installation enables. */
  readonly units: readonly { readonly file: string; readonly enabled: boolean }[];
  /** Files of deploy/package/conf that go to /etc/fleetsweep. */
  readonly settings: readonly string[];
  /** Whom its units run as; nobody else reads its state. */
  readonly user: string;
  /** Below /var/lib/fleetsweep: removed by a purge alone. */
  readonly state: readonly string[];
  /** Documents for /usr/share/doc. */
  readonly documents: readonly string[];
  /** Tags of lintian that come from what is carried along as its makers built it. */
  readonly carries: readonly string[];
  /** What the manual says of files, and which manuals it names. */
  readonly files: readonly (readonly [path: string, means: string])[];
  readonly seeAlso: readonly string[];
}

/** What lintian says of Node and of npm packages that are carried along, whose files stay as their makers built them. */
const carried = [
  "embedded-library",
  "hardening-no-pie",
  "script-not-executable",
  "unstripped-binary-or-object",
] as const;

/** `Depends` of what Node and the native libraries link to, and of what makes the user. */
const common = [
  "libc6 (>= 2.28)",
  "libgcc-s1 (>= 3.4)",
  "libstdc++6 (>= 9)",
  "systemd | systemd-standalone-sysusers | systemd-sysusers",
] as const;

export const debianPackages: readonly DebianPackage[] = [
  {
    name: "fleetsweep-agent",
    summary: "measures inference on one host of a fleetsweep fleet",
    description: [
      "The agent reads a host's packages, NUMA nodes and cores, starts inference",
      "frameworks in pinned processes, times every call, and reports the results to",
      "a fleetsweep coordinator.",
      ".",
      "It carries its own Node runtime and ONNX Runtime. PyTorch and TensorFlow are",
      "installed by 'fleetsweep-agent runtimes install', for which Python is needed.",
    ],
    depends: [...common, "numactl"],
    recommends: [],
    suggests: ["python3-venv", "linux-cpupower"],
    program: "fleetsweep-agent",
    entry: "dist/agent/main.js",
    waits: true,
    built: ["agent", "shared", "proto"],
    data: [],
    units: [
      { file: "fleetsweep.slice", enabled: false },
      { file: "fleetsweep-agent.service", enabled: true },
    ],
    settings: ["agent.env", "agent.yaml"],
    user: "fleetsweep-agent",
    state: ["agent", "runtimes"],
    documents: [
      "GLOSSARY.md",
      "deploy/RUNBOOK.md",
      "deploy/ERRORS.md",
      "docs/systemd.md",
      "docs/security.md",
    ],
    carries: carried,
    files: [
      ["/etc/fleetsweep/agent.env", "flags that the unit fleetsweep-agent starts the agent with"],
      ["/etc/fleetsweep/agent.yaml", "what the operator of this host declares"],
      ["/var/lib/fleetsweep/agent", "spool and identity of the host; removed by a purge alone"],
    ],
    seeAlso: ["numactl", "systemctl"],
  },
  {
    name: "fleetsweep-coordinator",
    summary: "plans inference benchmarks on a fleet of Xeon hosts",
    description: [
      "The coordinator plans sweeps of inference benchmarks, hands them to the agents",
      "of a fleet, and turns their results into figures and verdicts with intervals.",
      "The program fleetsweep is also what operators use from their terminals.",
      ".",
      "It carries its own Node runtime. Its log is in a NATS server with JetStream,",
      "on this host or elsewhere.",
    ],
    depends: [...common, "numactl"],
    recommends: ["nats-server (>= 2.9.10)"],
    suggests: ["fleetsweep-agent"],
    program: "fleetsweep",
    entry: "dist/coordinator/main.js",
    waits: false,
    built: ["agent", "coordinator", "shared", "proto"],
    data: ["examples", "presets", "schema"],
    units: [
      { file: "fleetsweep-nats.service", enabled: false },
      { file: "fleetsweep-coordinator.service", enabled: true },
    ],
    settings: ["coordinator.env", "nats.conf"],
    user: "fleetsweep",
    state: ["coordinator", "nats"],
    documents: ["README.md", "GLOSSARY.md", "deploy/RUNBOOK.md", "deploy/ERRORS.md", "docs"],
    carries: [...carried, "duplicate-font-file"],
    files: [
      ["/etc/fleetsweep/coordinator.env", "flags of the unit fleetsweep-coordinator"],
      ["/etc/fleetsweep/nats.conf", "settings of the unit fleetsweep-nats"],
      ["/var/lib/fleetsweep", "projection, authority and log; removed by a purge alone"],
    ],
    seeAlso: ["fleetsweep-agent", "systemctl"],
  },
];
