import { FleetsweepError } from "../../shared/domain/errors.ts";

/** Whether `-o` asked for JSON. @throws FleetsweepError config.invalid for what is neither. */
export function wantsJson(output: string): boolean {
  if (output === "json") return true;
  if (output === "table") return false;
  const found = JSON.stringify(output);
  throw new FleetsweepError("config.invalid", `-o takes table or json, not ${found}`);
}
