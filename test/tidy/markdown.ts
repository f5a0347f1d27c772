import { posix } from "node:path";
import { isDirectory, isThere, readText } from "./repository.ts";

/** Relative links of a document, and files that it names in backticks, that lead nowhere. */
export function findBrokenLinks(path: string): readonly string[] {
  const text = readText(path).replace(/```[\s\S]*?```/g, "");
  const links = [...text.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? "");
  const broken = links.filter((link) => !/^[a-z]+:/.test(link) && !leadsSomewhere(path, link));
  return [...broken, ...findMissingFiles(text)].map((link) => `${path}: ${link}`);
}

function leadsSomewhere(from: string, link: string): boolean {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? from : posix.join(posix.dirname(from), file);
  if (!isThere(target)) return false;
  return anchor === undefined || listAnchors(readText(target)).includes(anchor);
}

/** Headings as the common renderers turn them into anchors. */
function listAnchors(text: string): readonly string[] {
  const headings = text.match(/^#+ .*$/gm) ?? [];
  return headings.map((heading) => {
    const title = heading.replace(/^#+ /, "").toLowerCase();
    return title.replace(/[^\w\s-]/g, "").replace(/\s/g, "-");
  });
}

const topFolders = "agent|coordinator|deploy|examples|presets|proto|schema|shared|test";

/** `shared/domain/fold.ts`, `agent/host/`: what a document names in backticks must be there. */
function findMissingFiles(text: string): readonly string[] {
  const pattern = new RegExp(`\`((?:${topFolders})/[\\w./-]*)\``, "g");
  const named = [...text.matchAll(pattern)].map((match) => match[1] ?? "");
  return named.filter((file) => !isThere(file) || (file.endsWith("/") && !isDirectory(file)));
}
