import type { Command } from "commander";
import { FleetsweepError } from "../../shared/domain/errors.ts";

/** The option by which people say, in percent, which differences are none. */
export function withMargin(command: Command): Command {
  return command.option("--margin <percent>", "smaller differences are none", "1");
}

/** As a share. @throws FleetsweepError config.invalid */
export function readMargin(text: string): number {
  const margin = Number(text.replace(/\s*%$/, "")) / 100;
  if (margin > 0 && margin < 1) return margin;
  const what = `a margin of "${text}" is no percentage between 0 and 100`;
  throw new FleetsweepError("config.invalid", what);
}
