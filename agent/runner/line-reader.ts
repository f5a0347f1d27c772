import { StringDecoder } from "node:string_decoder";

/**
 * Cuts a stream of bytes into lines and calls `onLine` with each. A line over `maxBytes` calls
 * `onOverflow` once and ends the reading, so that no output of a program can fill the memory.
 */
export function makeLineReader(
  maxBytes: number,
  onLine: (line: string) => void,
  onOverflow: () => void,
): (chunk: Buffer) => void {
  const decoder = new StringDecoder("utf8");
  let pieces: string[] = [];
  let length = 0;
  let overflowed = false;
  return (chunk) => {
    if (overflowed) return;
    const lines = decoder.write(chunk).split("\n");
    const rest = lines.pop() ?? "";
    for (const line of lines) {
      onLine(pieces.join("") + line);
      pieces = [];
      length = 0;
    }
    pieces.push(rest);
    length += rest.length;
    if (length <= maxBytes) return;
    overflowed = true;
    pieces = [];
    onOverflow();
  };
}

/** Keeps the last `maxLength` characters of a stream of text. */
export function makeTail(maxLength: number): { push: (text: string) => void; read: () => string } {
  let tail = "";
  return {
    push: (text) => {
      tail = (tail + text).slice(-maxLength);
    },
    read: () => tail,
  };
}
