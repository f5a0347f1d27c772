import { z } from "zod";
import { agentMessage, contractVersion, runnerMessage } from "./contract.ts";

/** The contract as JSON Schema (draft 2020-12), for people who write a runner in another language. */
export function contractSchema(): unknown {
  const schemaOf = (message: z.ZodType): unknown => {
    const { $schema: _, ...schema } = z.toJSONSchema(message, { io: "input" });
    return schema;
  };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `fleetsweep runner contract, version ${contractVersion}`,
    description: "One JSON object a line: toRunner on stdin, fromRunner on stdout.",
    $defs: { toRunner: schemaOf(agentMessage), fromRunner: schemaOf(runnerMessage) },
    anyOf: [{ $ref: "#/$defs/toRunner" }, { $ref: "#/$defs/fromRunner" }],
  };
}
