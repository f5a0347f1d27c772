/** A captured or invented piece of /proc and /sys: path → text. Directories follow from the paths. */
export function fakeHostFiles(texts: Readonly<Record<string, string>>) {
  return {
    read: (path: string): Promise<string | null> => Promise.resolve(texts[path] ?? null),
    hold: (path: string): Promise<{ text: () => string | null; close: () => void } | null> => {
      const text = texts[path];
      const held = { text: () => texts[path] ?? null, close: () => undefined };
      return Promise.resolve(text === undefined ? null : held);
    },
    list: (directory: string): Promise<readonly string[]> => {
      const inside = Object.keys(texts).filter((path) => path.startsWith(`${directory}/`));
      const names = inside.map((path) => path.slice(directory.length + 1).split("/")[0] ?? "");
      return Promise.resolve([...new Set(names)]);
    },
  };
}
