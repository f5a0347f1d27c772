import type { ExportTableResponse__Output } from "../../../proto/gen/fleetsweep/v1/ExportTableResponse.ts";
import type { CliCommand } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { exportFormats, exportTables } from "../../store/export-tables.ts";
import { withOperator, withPlaceOptions } from "../operator-client.ts";
import type { PlaceOptions } from "../state-place.ts";
import { writeStream } from "../write-stream.ts";

interface ExportOptions extends PlaceOptions {
  readonly format: string;
  readonly table: string;
  readonly output?: string;
}

export const exportCommand: CliCommand = {
  name: "export",
  summary: "write a table of a sweep as CSV, JSON or Parquet",
  examples: [
    "fleetsweep export 01JD… > launches.csv",
    "fleetsweep export 01JD… --table instances --format parquet --output instances.parquet",
  ],

  declare(command, io) {
    withPlaceOptions(command)
      .argument("<sweep>", "the sweep's id")
      .option("--format <name>", exportFormats.join(", "), "csv")
      .option("--table <name>", Object.keys(exportTables).join(", "), "launches")
      .option("--output <file>", "write here instead of to standard output")
      .action(async (sweepId: string, options: ExportOptions) => {
        const { table, format, output } = options;
        if (format === "parquet" && output === undefined) {
          const how = "Parquet is no text: name a file with --output";
          throw new FleetsweepError("config.invalid", how);
        }
        await withOperator(io, options, async (operator) => {
          const pieces = operator.stream<ExportTableResponse__Output>((client) =>
            client.exportTable({ sweepId, table, format }),
          );
          await writeStream(io, output, pieces);
        });
      });
  },
};
