import { type Knob, type KnobSetting, noSetting } from "./knob.ts";

/** Allocators by the axis's value → the library that replaces glibc's malloc. */
const preloads: Readonly<Record<string, string>> = {
  jemalloc: "libjemalloc",
  tcmalloc: "libtcmalloc_minimal",
  mimalloc: "libmimalloc",
};

/**
 * `allocator`: glibc, or another one through LD_PRELOAD. The loader only warns when it cannot preload
 * a library, so a missing one is refused here and the mapped files are the proof.
 */
export const allocator: Knob = {
  name: "allocator",
  axes: ["allocator"],
  set({ value }, host) {
    if (value === undefined || value === "glibc") return glibc;
    const library = preloads[String(value)];
    if (library === undefined) return { refused: `no allocator is called ${value}` };
    const path = host.libraries[library];
    if (path === undefined) return { refused: `${library} is not installed on this host` };
    return preload(String(value), path);
  },
};

const glibc: KnobSetting = {
  ...noSetting,
  proof: ({ mappedFiles }) => {
    const other = Object.entries(preloads).find(([, library]) => isMapped(mappedFiles, library));
    return other === undefined ? null : `${other[0]} is mapped though glibc was asked for`;
  },
  readback: { allocator: "glibc" },
  shown: ({ mappedFiles }) => ({ allocator_file: findFile(mappedFiles, "libc") }),
};

function preload(name: string, path: string): KnobSetting {
  return {
    ...noSetting,
    preload: [path],
    proof: ({ mappedFiles }) => {
      if (mappedFiles === null) return "the mapped files cannot be read";
      return mappedFiles.includes(path) ? null : `${path} is not mapped`;
    },
    readback: { allocator: name, allocator_library: path },
    shown: ({ mappedFiles }) => ({
      allocator_file: mappedFiles?.find((file) => file === path) ?? null,
    }),
  };
}

function isMapped(mappedFiles: readonly string[] | null, library: string): boolean {
  return findFile(mappedFiles, library) !== null;
}

function findFile(mappedFiles: readonly string[] | null, library: string): string | null {
  return mappedFiles?.find((file) => file.includes(`/${library}.`)) ?? null;
}
