import { access, constants } from "node:fs/promises";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import type { CommandConfig } from "../catalogue-config.ts";
import type { CatalogueEntry, RunnerKind } from "../catalogue-entry.ts";
import { runtimes } from "../runtimes/known.ts";

/** Names that a command cannot take: they are our own runners'. */
const reserved = new Set([
  "onnxruntime",
  "noop",
  "command",
  ...runtimes.flatMap(({ name, framework }) => [name, framework]),
]);

/**
 * Programs of the host's operator that speak the contract. The agent's configuration declares each by
 * name with its arguments; a sweep can only ask for the name.
 */
export const commandRunners: RunnerKind = {
  name: "command",
  async declare(config) {
    const commands = Object.entries(config.commands);
    return await Promise.all(commands.map(([name, command]) => declareCommand(name, command)));
  },
};

async function declareCommand(name: string, command: CommandConfig): Promise<CatalogueEntry> {
  if (reserved.has(name)) {
    throw new FleetsweepError("config.invalid", `commands.${name}: the name is taken`);
  }
  const { argv, version, modes, dtypes, models, parameters, knobs, arrivals } = command;
  const isExecutable = await access(argv[0], constants.X_OK).then(
    () => true,
    () => false,
  );
  return {
    declaration: {
      name,
      version: `command ${version}`,
      unavailable: isExecutable ? null : `${argv[0]} is not an executable file`,
      modes,
      dtypes,
      models,
      parameters,
      knobs,
      arrivals,
    },
    argv,
    models: Object.fromEntries(models.map((model) => [model, { kind: "built-in" }])),
  };
}
