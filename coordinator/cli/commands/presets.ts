import type { CliCommand, Io } from "../../../shared/cli/command.ts";
import { formatTable } from "../../plan-view/text-table.ts";
import { findPreset, readPresets } from "../../presets.ts";

export const presets: CliCommand = {
  name: "presets",
  summary: "list the sweep files that come with fleetsweep, or print one",
  examples: [
    "fleetsweep presets",
    "fleetsweep presets second-socket > mine.yaml     # to change it",
    "fleetsweep plan $(fleetsweep presets second-socket --path)",
  ],

  declare(command, io) {
    command
      .argument("[name]", "print this one")
      .option("--path", "print where its file is, instead of its text")
      .action(async (name: string | undefined, options: { path?: true }) => {
        if (name === undefined) await listPresets(io);
        else {
          const preset = await findPreset(name);
          io.out(options.path === true ? `${preset.path}\n` : preset.text);
        }
      });
  },
};

async function listPresets(io: Io): Promise<void> {
  const rows = (await readPresets()).map(({ name, spec }) => [name, spec.description]);
  const columns = [
    { title: "preset", align: "left" },
    { title: "measures", align: "left", wraps: true },
  ] as const;
  io.out(`${formatTable(columns, rows, io.columns).join("\n")}\n`);
}
