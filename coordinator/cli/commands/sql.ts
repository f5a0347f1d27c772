import type { QueryProjectionResponse__Output } from "../../../proto/gen/fleetsweep/v1/QueryProjectionResponse.ts";
import type { CliCommand } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { type QueryRows, queryFormats } from "../../report/query-text.ts";
import { collectDocument, pick } from "../document-client.ts";
import { withOperator, withPlaceOptions } from "../operator-client.ts";
import type { PlaceOptions } from "../state-place.ts";

interface SqlOptions extends PlaceOptions {
  readonly limit: string;
  readonly output: string;
}

export const sql: CliCommand = {
  name: "sql",
  summary: "read the results' tables with SQL; nothing can be changed",
  examples: [
    'fleetsweep sql "SELECT host_id, count(*) FROM launches GROUP BY host_id"',
    'fleetsweep sql "SHOW TABLES"',
    'fleetsweep sql "DESCRIBE launches" -o json',
  ],

  declare(command, io) {
    withPlaceOptions(command)
      .argument("<statement>", "one SELECT, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN of DuckDB")
      .option("--limit <rows>", "at most so many rows", "1000")
      .option("-o, --output <format>", "table, json or csv", "table")
      .action(async (statement: string, options: SqlOptions) => {
        const render = pick(queryFormats, options.output, "format of rows");
        const maxRows = Number(options.limit);
        if (!(Number.isInteger(maxRows) && maxRows > 0)) {
          throw new FleetsweepError("config.invalid", `"${options.limit}" is no number of rows`);
        }
        const found = await withOperator(io, options, (operator) =>
          collectDocument<QueryRows>(
            operator.stream<QueryProjectionResponse__Output>((client) =>
              client.queryProjection({ sql: statement, maxRows }),
            ),
          ),
        );
        io.out(render(found, io.columns));
        if (found.truncated) io.talk(`there are more than ${maxRows} rows: --limit takes more\n`);
      });
  },
};
