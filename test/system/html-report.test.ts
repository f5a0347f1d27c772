import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { composeSvg } from "../../coordinator/charts/compose-svg.ts";
import { specifyFigures } from "../../coordinator/figures/registry.ts";
import { renderHtml } from "../../coordinator/report/html/render-html.ts";
import { hostileReport } from "../support/hostile-report.ts";
import { syntheticReport } from "../support/synthetic-report.ts";
import { fleetsweep, startUp } from "./fleet.ts";

const browserProgram = "/usr/bin/chromium";
const hasBrowser = existsSync(browserProgram);
if (!hasBrowser) process.stderr.write(`skipped: no ${browserProgram} to open a report in\n`);

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Runs in the page: the types of a browser are not those of this program. */
const inPage = (source: string) => source;

let folder: string;
let browser: Browser;
let context: BrowserContext;
/** What the page said on its console, asked of a network, or failed with. */
let complaints: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "fleetsweep-page-"));
  if (!hasBrowser) return;
  browser = await chromium.launch({ executablePath: browserProgram, args: flags });
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => context?.close());

/** Opens a page from the disk in a context of its own. */
async function open(text: string, viewport = { width: 1_280, height: 900 }): Promise<Page> {
  const file = join(folder, "report.html");
  writeFileSync(file, text);
  context = await browser.newContext({ viewport, offline: true });
  complaints = [];
  const page = await context.newPage();
  page.on("console", (message) => complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (request.url() !== pathToFileURL(file).href) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  return page;
}

/** What axe finds of WCAG 2.1 A and AA. */
async function findBarriers(page: Page): Promise<string[]> {
  // The page's own policy forbids foreign scripts, and this one is a guest of the test.
  const guest = await context.newCDPSession(page);
  await guest.send("Runtime.evaluate", { expression: axe.source });
  return (await page.evaluate(
    inPage(
      `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }).then((r) => r.violations.map((v) => v.id + ": " + v.nodes.length + " × " + v.nodes[0].html.slice(0, 160)))`,
    ),
  )) as string[];
}

test.skipIf(!hasBrowser)(
  "a report opens from a disk without a word, a request or a barrier",
  async () => {
    const page = await open(renderHtml(syntheticReport()));
    expect(await page.locator("figure").count()).toBe(16);
    const boxes = (await page.evaluate(
      inPage(
        `[...document.querySelectorAll(".panels > svg")].map((one) => one.getBoundingClientRect().width)`,
      ),
    )) as number[];
    expect(Math.min(...boxes)).toBeGreaterThan(300);
    expect(await findBarriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  },
);

test.skipIf(!hasBrowser)("in the dark theme there is no barrier either", async () => {
  const page = await open(renderHtml(syntheticReport()));
  await page.getByRole("button", { name: "Dark theme" }).click();
  expect(await page.evaluate(inPage("document.documentElement.dataset.theme"))).toBe("dark");
  expect(await findBarriers(page)).toEqual([]);
});

test.skipIf(!hasBrowser)(
  "a keyboard alone reaches the verdicts, and filters, sorts and turns the table",
  async () => {
    const report = syntheticReport();
    const page = await open(renderHtml(report));
    await page.keyboard.press("Tab");
    expect(await page.evaluate(inPage("document.activeElement.textContent"))).toBe(
      "Skip to the verdicts",
    );
    await page.keyboard.press("Enter");
    expect(page.url()).toContain("#main");
    await page.locator("#find").focus();
    await page.keyboard.type("xeon-a int8 all-sockets");
    const wanted = report.rows.filter(
      ({ hostId, cell }) =>
        hostId === "xeon-a" && cell["dtype"] === "int8" && cell["placement"] === "all-sockets",
    );
    expect(await page.locator("#cells tbody tr").count()).toBe(wanted.length);
    await page.locator("#cells thead button", { hasText: "median" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    expect(await page.locator('#cells th[aria-sort="descending"]').count()).toBe(1);
    await page.locator("#find").fill("");
    await page.locator("#next").press("Enter");
    expect(await page.getByRole("status").textContent()).toContain("Rows 101 to 200 of 576");
    expect(complaints).toEqual([]);
  },
);

test.skipIf(!hasBrowser)(
  "a screen reader finds headings in order, and a name and a text for every panel",
  async () => {
    const page = await open(renderHtml(syntheticReport()));
    const levels = (await page.evaluate(
      inPage(`[...document.querySelectorAll("h1,h2,h3")].map((h) => Number(h.tagName[1]))`),
    )) as number[];
    levels.forEach((level, index) =>
      expect(level - (levels[index - 1] ?? 1)).toBeLessThanOrEqual(1),
    );
    const panels = page.getByRole("img");
    expect(await panels.count()).toBeGreaterThan(40);
    await expect(panels.first().getAttribute("aria-labelledby")).resolves.toMatch(/^figure-/);
    expect(await page.getByRole("img", { name: /Speed-up over one core: / }).count()).toBe(12);
  },
);

test.skipIf(!hasBrowser)(
  "on a narrow screen nothing but pictures and tables scrolls sideways",
  async () => {
    const page = await open(renderHtml(syntheticReport()), { width: 390, height: 800 });
    const width = await page.evaluate(inPage("document.documentElement.scrollWidth"));
    expect(width).toBeLessThanOrEqual(390);
  },
);

test.skipIf(!hasBrowser)(
  "hostile names run nothing, load nothing and stay visible as text",
  async () => {
    const page = await open(renderHtml(hostileReport()));
    expect(await page.evaluate(inPage("globalThis.pwned === undefined"))).toBe(true);
    expect(await page.evaluate(inPage("document.querySelectorAll('img, script').length"))).toBe(2);
    expect(await page.locator("body").textContent()).toContain("<img src=x onerror=");
    expect(complaints).toEqual([]);
  },
);

test.skipIf(!hasBrowser)(
  "every figure's SVG file is well-formed and runs nothing in a browser",
  async () => {
    const page = await open(renderHtml(syntheticReport()));
    for (const { kind, spec } of specifyFigures(hostileReport(), "lines").shown) {
      const svg = JSON.stringify(composeSvg(spec, kind.name));
      const errors = `new DOMParser().parseFromString(${svg}, "image/svg+xml").querySelectorAll("parsererror, script").length`;
      expect(await page.evaluate(inPage(errors))).toBe(0);
    }
  },
);

test.skipIf(!hasBrowser)(
  "the report of a real sweep of this machine opens with its figures",
  async () => {
    const state = join(folder, "state");
    const sweep = join(folder, "small.yaml");
    writeFileSync(sweep, smallSweep);
    const up = await startUp(state);
    try {
      const run = await fleetsweep(state, "run", sweep);
      const id = /[0-9A-HJKMNP-TV-Z]{26}/.exec(run.stderr + run.stdout)?.[0] ?? "";
      const file = join(folder, "real.html");
      expect(await fleetsweep(state, "report", id, "-o", "html", "--out", file)).toMatchObject({
        code: 0,
      });
      const page = await open(readFileSync(file, "utf8"));
      for (const name of ["calls", "course", "order", "coverage"]) {
        expect(await page.locator(`#figure-${name} svg`).count()).toBeGreaterThan(0);
      }
      expect(await page.locator("#hosts").textContent()).toContain("kernel");
      expect(await findBarriers(page)).toEqual([]);
      expect(complaints).toEqual([]);
      const drawn = await fleetsweep(state, "figure", id, "calls");
      expect(drawn).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("Distribution of calls"),
      });
    } finally {
      up.child.kill("SIGINT");
      await up.ended;
    }
  },
);

/** Two shapes in two number formats, three launches each: seconds on any host. */
const smallSweep = `name: small
axes:
  runner: onnxruntime
  mode: graph
  model: bert-tiny
  dtype: [fp32, int8]
  batch_size: [1, 2]
  sequence_length: 32
  placement: one-socket
  cores: 1
method:
  precision: quick
  launches: 3
  min_seconds: 0.1
  max_seconds: 0.3
  warmup_max_seconds: 0.3
`;
