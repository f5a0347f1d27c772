/** Characters of one message, far below its 4 MiB; a longer member stands alone. */
const messageCharacters = 512 * 1024;

/** Members as JSON, joined to texts of about a message. */
export function* memberTexts(members: Iterable<unknown>): Generator<string> {
  let part: string[] = [];
  let length = 0;
  for (const member of members) {
    const text = JSON.stringify(member);
    if (part.length > 0 && length + text.length > messageCharacters) {
      yield part.join(",");
      part = [];
      length = 0;
    }
    part.push(text);
    length += text.length;
  }
  if (part.length > 0) yield part.join(",");
}

/** A document as JSON in pieces: first with its long list empty, then members of that list. */
export function* documentParts<Document extends object>(
  document: Document,
  list: keyof Document & string,
): Generator<string> {
  yield JSON.stringify({ ...document, [list]: [] });
  for (const members of memberTexts(document[list] as Iterable<unknown>)) {
    yield `{"${list}":[${members}]}`;
  }
}

/** The lists with more members; the inverse of cutting them. */
export function growLists<Lists extends object>(lists: Lists, more: Partial<Lists>): Lists {
  const known = lists as Readonly<Record<string, readonly unknown[]>>;
  const entries = Object.entries(more).map(([name, members]): [string, unknown] => [
    name,
    [...(known[name] ?? []), ...(members as readonly unknown[])],
  ]);
  return { ...lists, ...Object.fromEntries(entries) };
}
