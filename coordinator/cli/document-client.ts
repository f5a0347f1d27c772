import { FleetsweepError } from "../../shared/domain/errors.ts";
import { growLists } from "../document-parts.ts";

/** Puts the pieces of a document together: the first has it with empty lists, the others their members. */
export async function collectDocument<Document extends object>(
  parts: AsyncIterable<{ readonly partJson: string }>,
): Promise<Document> {
  let document: Document | undefined;
  for await (const { partJson } of parts) {
    const part = JSON.parse(partJson) as Document;
    document = document === undefined ? part : growLists(document, part);
  }
  if (document !== undefined) return document;
  throw new FleetsweepError("link.protocol", "the coordinator sent no answer");
}

/** The entry of a registry by the name that an option gave. @throws FleetsweepError config.invalid */
export function pick<Value>(
  registry: Readonly<Record<string, Value>>,
  name: string,
  what: string,
): Value {
  const found = Object.hasOwn(registry, name) ? registry[name] : undefined;
  if (found !== undefined) return found;
  const known = Object.keys(registry).join(", ");
  throw new FleetsweepError("config.invalid", `no ${what} is called "${name}": ${known}`);
}
