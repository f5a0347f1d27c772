import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suggest } from "../shared/domain/did-you-mean.ts";
import { FleetsweepError } from "../shared/domain/errors.ts";
import type { SweepSpec } from "./logic/sweep-spec.ts";
import { parseSweepFile } from "./sweep-file/parse-sweep-file.ts";

/** A sweep file that comes with the package. */
export interface Preset {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly spec: SweepSpec;
}

/** Every preset, by name. A new one is a new file in the folder. */
export async function readPresets(folder = presetFolder()): Promise<readonly Preset[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yaml"));
  const presets = await Promise.all(names.map((name) => readPreset(join(folder, name))));
  return presets.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @throws FleetsweepError sweep.not_found with the names that there are. */
export async function findPreset(name: string): Promise<Preset> {
  const presets = await readPresets();
  const found = presets.find((preset) => preset.name === name);
  if (found !== undefined) return found;
  const names = presets.map((preset) => preset.name);
  const near = suggest(name, names);
  const help = near === null ? `there are ${names.join(", ")}` : `did you mean ${near}?`;
  throw new FleetsweepError("sweep.not_found", `no file and no preset is called ${name}; ${help}`);
}

async function readPreset(path: string): Promise<Preset> {
  const text = await readFile(path, "utf8");
  const spec = parseSweepFile(text, path);
  return { name: spec.name, path, text, spec };
}

/** Beside the sources, or one folder higher above the built files. */
function presetFolder(): string {
  const up = import.meta.url.endsWith(".ts") ? "../presets" : "../../presets";
  return fileURLToPath(new URL(up, import.meta.url));
}
