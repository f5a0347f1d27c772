/** Text as it may stand in markup, in an element or a quoted attribute. */
export function escapeMarkup(text: string): string {
  return replaceControls(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/**
 * Text without what XML does not allow (most control characters, lone surrogates) and without the marks
 * that turn the direction of a line, by which a name could look like another.
 */
export function replaceControls(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]/gu, (character) =>
    character === "\n" || character === "\t" ? character : "\uFFFD",
  );
}
