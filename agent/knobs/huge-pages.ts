import { type Knob, noSetting } from "./knob.ts";

/** Documentation/admin-guide/mm/transhuge.rst */
export const hugePagesPath = "/sys/kernel/mm/transparent_hugepage/enabled";

/**
 * `thp`: transparent huge pages of the whole host, for the time of the launch. Caches are left alone: to
 * drop them, as the published benchmark does, would disturb the host for minutes. The proof is the
 * kernel's own file, and with `never` that the process has no such page.
 */
export const hugePages: Knob = {
  name: "huge-pages",
  axes: ["thp"],
  set({ value }, { hugePages: offered }) {
    if (value === undefined || value === "host") return noSetting;
    if (offered.problem !== null) return { refused: offered.problem };
    if (!offered.values.includes(String(value))) {
      return { refused: `transparent huge pages cannot be ${value} on this host` };
    }
    return {
      ...noSetting,
      hostChanges: [{ path: hugePagesPath, value: String(value) }],
      proof: ({ host }) => {
        if (host.hugePages !== value) return `transparent huge pages are ${host.hugePages}`;
        const bytes = host.hugePageBytes ?? 0;
        return value === "never" && bytes > 0 ? `${bytes} bytes are in huge pages` : null;
      },
      readback: {},
    };
  },
};
