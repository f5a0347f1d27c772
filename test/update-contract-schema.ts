import { writeFileSync } from "node:fs";
import { contractSchema } from "../agent/runner/contract-schema.ts";

// Run by `npm run contract` after a change of the contract's types.
writeFileSync(
  new URL("../agent/runners/contract.schema.json", import.meta.url),
  JSON.stringify(contractSchema(), null, 2),
);
