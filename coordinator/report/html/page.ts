import { createHash } from "node:crypto";
import { pagePatterns } from "./figure-section.ts";
import { html, type Markup, trusted } from "./markup.ts";
import { pageScript } from "./page-script.ts";
import { pageStyle } from "./page-style.ts";

export interface Page {
  readonly title: string;
  /** Of the link by which a keyboard passes over the contents. */
  readonly skip: string;
  readonly navigation: Markup;
  readonly main: Markup;
}

/**
 * A page as one file that needs nothing else: it loads nothing, runs only its own script (the policy
 * names its digest), and stores nothing.
 */
export function renderPage({ title, skip, navigation, main }: Page): string {
  const digest = createHash("sha256").update(pageScript).digest("base64");
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="fleetsweep">
<title>${title}</title>
<style>${trusted(pageStyle)}</style>
</head>
<body>
<a class="skip" href="#main">${skip}</a>
${pagePatterns}
<div class="layout">
${navigation}
<main id="main">
${main}
</main>
</div>
<script>${trusted(pageScript)}</script>
</body>
</html>
`;
  return page.markup;
}
