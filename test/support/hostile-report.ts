import type { Report } from "../../coordinator/analysis/report.ts";
import { syntheticReport } from "./synthetic-report.ts";

/** Would act as markup, end a script, move a cursor, or fill a page, if it were let through anywhere. */
export const hostileNames = [
  `</script><script>globalThis.pwned=1</script>`,
  `"><img src=x onerror="globalThis.pwned=2">`,
  `</title></svg></style><svg onload=globalThis.pwned=3>`,
  `\u001b[2J\u202e\u0000bell\u0007`,
  `${"very-long-name-".repeat(40)}end`,
  `{{7*7}} \${7*7} &amp; ]]> <!-- -->`,
] as const;

/** A report in which every text that comes from outside is one of {@link hostileNames}. */
export function hostileReport(): Report {
  let next = 0;
  const name = (): string => hostileNames[next++ % hostileNames.length] ?? "";
  const seen = new Map<string, string>();
  const rename = (text: string): string => {
    const known = seen.get(text) ?? `${name()}${seen.size}`;
    seen.set(text, known);
    return known;
  };
  const words = new Set(["fp32", "int8", "glibc", "jemalloc", "xeon-a", "xeon-b", "bert-base"]);
  const text = JSON.stringify(syntheticReport(), (key, value: unknown) => {
    if (typeof value !== "string") return value;
    const fromOutside = ["message", "stderrTail", "source", "name", "reason"].includes(key);
    return words.has(value) || fromOutside ? rename(value) : value;
  });
  return JSON.parse(text) as Report;
}
