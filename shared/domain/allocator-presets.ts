/** Environment variables of one preset. */
export type PresetVariables = Readonly<Record<string, string>>;

/**
 * Named settings of each allocator, by `allocator_tunables`. "glibc against another" without a word on
 * these compares defaults for giving memory back, not allocators.
 *
 * `retain` never gives freed memory back to the kernel, which ends most page faults of a steady load.
 * `huge-pages` asks for transparent huge pages by madvise. `published` is the string of the published
 * benchmark (huggingface/tune, launcher.py), which only jemalloc reads.
 */
export const allocatorPresets: Readonly<Record<string, Readonly<Record<string, PresetVariables>>>> =
  {
    glibc: {
      // Far over any tensor of these models: neither are large blocks mapped apart nor is the heap cut.
      retain: { MALLOC_TRIM_THRESHOLD_: "1073741824", MALLOC_MMAP_THRESHOLD_: "1073741824" },
      "huge-pages": { GLIBC_TUNABLES: "glibc.malloc.hugetlb=1" },
    },
    jemalloc: {
      retain: {
        MALLOC_CONF:
          "confirm_conf:true,oversize_threshold:1,background_thread:true,metadata_thp:auto,dirty_decay_ms:-1,muzzy_decay_ms:-1",
      },
      "huge-pages": { MALLOC_CONF: "confirm_conf:true,thp:always,metadata_thp:always" },
      published: {
        MALLOC_CONF:
          "confirm_conf:true,oversize_threshold:1,background_thread:true,metadata_thp:auto,dirty_decay_ms:9000000000,muzzy_decay_ms:9000000000",
      },
    },
    tcmalloc: { retain: { TCMALLOC_RELEASE_RATE: "0" } },
    mimalloc: {
      // Up to 2.0 memory is decommitted, from 2.1 on purged; each version reads its own.
      retain: {
        MIMALLOC_VERBOSE: "1",
        MIMALLOC_ALLOW_DECOMMIT: "0",
        MIMALLOC_PURGE_DELAY: "-1",
      },
      "huge-pages": { MIMALLOC_VERBOSE: "1", MIMALLOC_LARGE_OS_PAGES: "1" },
    },
  };

export const presetNames: readonly string[] = ["none", "retain", "huge-pages", "published"];

/** The variables of a preset; null where the allocator has no such preset. */
export function findPreset(allocator: string, preset: string): PresetVariables | null {
  if (preset === "none") return {};
  const presets = Object.hasOwn(allocatorPresets, allocator) ? allocatorPresets[allocator] : {};
  return (presets && Object.hasOwn(presets, preset) ? presets[preset] : undefined) ?? null;
}
