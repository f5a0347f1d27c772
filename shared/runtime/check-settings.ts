import { z } from "zod";
import { FleetsweepError } from "../domain/errors.ts";

/** The form of an address that programs listen on and dial. */
export const addressSchema = z.string().refine((text) => {
  const [, port] = /^[^\s:]+:(\d{1,5})$/.exec(text) ?? [];
  return port !== undefined && Number(port) <= 65_535;
}, "must be HOST:PORT, with a port up to 65535");

/** Coordinators, or servers of NATS, that one program knows at the most. */
const maxAddresses = 16;

const listSchema = z.string().transform((text) => text.split(",").map((part) => part.trim()));

/** Addresses with commas between; any of them serves. */
export const addressListSchema = listSchema.pipe(z.array(addressSchema).min(1).max(maxAddresses));

/** URLs of the servers of one NATS cluster with commas between: who finds one of them finds all. */
export const natsServersSchema = listSchema.pipe(
  z
    .array(
      z.string().regex(/^[^\s,]+$/, "must be URLs such as nats://HOST:4222, with commas between"),
    )
    .min(1)
    .max(maxAddresses)
    .refine(
      (urls) => new Set(urls.map((url) => url.startsWith("tls://"))).size === 1,
      "must all begin with tls://, or none",
    ),
);

/** A span of time as a flag says it. */
export const secondsSchema = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,3})?$/, "must be a number of seconds")
  .transform(Number);

/**
 * Values that came from flags or a file, checked.
 * @throws FleetsweepError config.invalid with every problem in one line.
 */
export function checkSettings<Schema extends z.ZodType>(
  schema: Schema,
  values: unknown,
  what: string,
): z.output<Schema> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join(".")}: ${message}`,
  );
  throw new FleetsweepError("config.invalid", `${what}: ${problems.join("; ")}`);
}
