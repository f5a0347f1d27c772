/** A Python environment that a runner of ours can run in. Its name is the runner's name in sweep files. */
export interface Runtime {
  readonly name: string;
  readonly framework: "pytorch" | "tensorflow";
  readonly summary: string;
  /** What our programs of the framework are told. */
  readonly flags: readonly string[];
  readonly source: PinnedWheels | SystemPackages;
}

/** Installed into a directory of its own from a lock file beside this one. */
export interface PinnedWheels {
  readonly kind: "wheels";
  /** In `locks/`. */
  readonly lockFile: string;
  /** Python versions that the lock file has wheels for. */
  readonly pythons: readonly string[];
  /** Links CUDA, which a host without GPU never calls: placeholders stand in for what is large. */
  readonly isGpuBuild: boolean;
  /** Measured on x86-64 with CPython 3.11. */
  readonly diskMb: number;
}

/** Belongs to the operating system: recognised where it is installed. */
export interface SystemPackages {
  readonly kind: "system";
  readonly pythonPath: string;
  /** Its presence says that the packages are there, without starting Python. */
  readonly marker: string;
  readonly howToInstall: string;
}

export const runtimes: readonly Runtime[] = [
  {
    name: "pytorch",
    framework: "pytorch",
    summary: "PyTorch with MKL and oneDNN, and transformers for models of your own",
    flags: [],
    source: wheels("pytorch", { isGpuBuild: true, diskMb: 1_700 }),
  },
  {
    name: "tensorflow",
    framework: "tensorflow",
    summary: "TensorFlow for CPUs, with oneDNN",
    flags: [],
    source: wheels("tensorflow", { isGpuBuild: false, diskMb: 1_700 }),
  },
  {
    name: "intel-pytorch",
    framework: "pytorch",
    summary: "PyTorch with Intel's extension, whose last version is of 2025",
    flags: ["--ipex"],
    source: wheels("intel-pytorch", { isGpuBuild: true, diskMb: 2_600 }),
  },
  {
    name: "intel-tensorflow",
    framework: "tensorflow",
    summary: "Intel's build of TensorFlow, whose last version is of 2023",
    flags: [],
    source: {
      ...wheels("intel-tensorflow", { isGpuBuild: false, diskMb: 1_400 }),
      pythons: ["3.11"],
    },
  },
  {
    name: "debian-pytorch",
    framework: "pytorch",
    summary: "PyTorch as the system's packages have it",
    flags: [],
    source: {
      kind: "system",
      pythonPath: "/usr/bin/python3",
      marker: "/usr/lib/python3/dist-packages/torch/version.py",
      howToInstall: "apt-get install python3-torch libopenblas0-openmp",
    },
  },
];

export function findRuntime(name: string): Runtime | undefined {
  return runtimes.find((runtime) => runtime.name === name);
}

function wheels(
  name: string,
  { isGpuBuild, diskMb }: Pick<PinnedWheels, "isGpuBuild" | "diskMb">,
): PinnedWheels {
  const pythons = ["3.11", "3.12", "3.13"];
  return { kind: "wheels", lockFile: `${name}.txt`, pythons, isGpuBuild, diskMb };
}
