import { createHash } from "node:crypto";
import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { hostileReport } from "../../../test/support/hostile-report.ts";
import { reportCell, reportInput } from "../../../test/support/report-input.ts";
import { syntheticInput, syntheticReport } from "../../../test/support/synthetic-report.ts";
import { buildReport } from "../../analysis/build-report.ts";
import { toScriptJson } from "./cells-section.ts";
import { html } from "./markup.ts";
import { renderHtml } from "./render-html.ts";

interface Found {
  readonly textContent: string;
  getAttribute(name: string): string | null;
}

function query(page: string, selector: string): Found[] {
  const { document } = parseHTML(page) as unknown as {
    document: { querySelectorAll(selector: string): Iterable<Found> };
  };
  return [...document.querySelectorAll(selector)];
}

test("the page has its sections in order: verdicts first", () => {
  const page = renderHtml(syntheticReport());
  expect(query(page, "main section").map((section) => section.getAttribute("id"))).toEqual([
    "verdicts",
    "interactions",
    "canaries",
    "figures",
    "notes",
    "hosts",
    "data-table",
    "method",
    "reproduce",
  ]);
  expect(query(page, "figure")).toHaveLength(16);
  expect(query(page, "figure details table")).toHaveLength(16);
});

test("every panel has a name and a description that are there", () => {
  const page = renderHtml(syntheticReport());
  const ids = new Set(query(page, "[id]").map((element) => element.getAttribute("id")));
  const panels = query(page, ".panels > svg");
  expect(panels.length).toBeGreaterThan(40);
  for (const panel of panels) {
    expect(ids).toContain(panel.getAttribute("aria-labelledby"));
    expect(ids).toContain(panel.getAttribute("aria-describedby"));
  }
});

test("the page loads nothing, and only its own script may run", () => {
  const page = renderHtml(syntheticReport());
  expect(query(page, "[src], link, iframe, object, embed, base")).toEqual([]);
  const [policy] = query(page, "meta[http-equiv]");
  const [data, script] = query(page, "script");
  const digest = createHash("sha256")
    .update(script?.textContent ?? "")
    .digest("base64");
  expect(policy?.getAttribute("content")).toContain(`script-src 'sha256-${digest}'`);
  expect(policy?.getAttribute("content")).toContain("default-src 'none'");
  expect(data?.getAttribute("type")).toBe("application/json");
});

test("names that would be markup are text wherever they stand", () => {
  const page = renderHtml(hostileReport());
  expect(query(page, "script")).toHaveLength(2);
  expect(query(page, "img")).toEqual([]);
  expect(query(page, "[onload], [onerror]")).toEqual([]);
  expect(query(page, "style")).toHaveLength(1);
  expect(page).not.toContain("<script>globalThis.pwned");
});

test("a text cannot leave its template, nor a script's data", () => {
  expect(html`<p title="${`"><b>`}">${"<i>"}${null}${3}</p>`.markup).toBe(
    `<p title="&quot;&gt;&lt;b&gt;">&lt;i&gt;3</p>`,
  );
  const data = toScriptJson({ text: "</script><!--\u2028" });
  expect(data).not.toMatch(/[<>\u2028]/);
  expect(JSON.parse(data)).toEqual({ text: "</script><!--\u2028" });
});

test("every planned cell is in the page's data, with what is absent as null", () => {
  const report = syntheticReport();
  const [data] = query(renderHtml(report), "script");
  const { columns, rows } = JSON.parse(data?.textContent ?? "") as {
    columns: { name: string }[];
    rows: (string | number | null)[][];
  };
  expect(rows).toHaveLength(report.sweep.plannedCells);
  const median = columns.findIndex(({ name }) => name.startsWith("median"));
  const failed = rows.find(([state]) => state === "failed");
  expect(failed?.[median]).toBeNull();
  for (const row of rows) expect(row).toHaveLength(columns.length);
});

test("an empty sweep is a page without pictures that says why", () => {
  const page = renderHtml(buildReport(reportInput([reportCell({}, [], { terminal: null })])));
  expect(query(page, "figure")).toHaveLength(1);
  expect(page).toContain("not measured yet");
  expect(renderHtml(buildReport(reportInput([])))).toContain("Pictures that are left out");
});

test("ten thousand cells stay a page that opens: pictures fold, the table has pages", () => {
  const hosts = Array.from({ length: 36 }, (_, index) => `host-${index}`);
  const page = renderHtml(buildReport(syntheticInput(hosts)));
  expect(query(page, "#cells tbody tr")).toHaveLength(100);
  expect(page.length).toBeLessThan(5e6);
});

test("the reasons of a doubtful cell have a column of some width, its numbers none", () => {
  const page = renderHtml(syntheticReport());
  expect(page).toMatch(/<td class="long">[a-z-]+: [^<]{40,}<\/td>/);
  expect(page).not.toMatch(/<td class="long">[^<]{0,40}<\/td>/);
});
