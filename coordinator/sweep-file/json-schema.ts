import { z } from "zod";
import { sweepSchema } from "./sweep-schema.ts";

/** The JSON schema of sweep files as text: what `schema/sweep.v1.json` holds, for editors. */
export function sweepJsonSchema(): string {
  const schema = z.toJSONSchema(sweepSchema, { target: "draft-2020-12" });
  return `${JSON.stringify({ title: "fleetsweep sweep", ...schema }, null, 2)}\n`;
}
