import type { Command } from "commander";
import type { z } from "zod";

/**
 * Declares one flag for each field of a configuration's schema, with the field's description:
 * `natsTokenFile` becomes `--nats-token-file <value>`. A field that takes no text is a switch.
 */
export function declareFlags(command: Command, shape: Readonly<Record<string, z.ZodType>>): void {
  for (const [field, schema] of Object.entries(shape)) {
    const flag = `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const isSwitch = schema.safeParse(true).success;
    command.option(isSwitch ? flag : `${flag} <value>`, schema.description ?? "");
  }
}
