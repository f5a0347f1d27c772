import { longText } from "./data-table.ts";
/**
 * What the page does in a browser: the choice of theme, and the data table's filter, order and pages. It
 * writes texts through `textContent` only. Without it the page shows the first rows of the table.
 */
export const pageScript = `"use strict";
(() => {
  const root = document.documentElement;
  const theme = document.getElementById("theme");
  theme.hidden = false;
  const isDark = () => root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  const label = () => { theme.textContent = isDark() ? "Light theme" : "Dark theme"; };
  theme.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; label(); });
  label();

  for (const panels of document.querySelectorAll(".panels, .scroll")) {
    if (panels.scrollWidth > panels.clientWidth + 1) panels.tabIndex = 0;
  }

  const source = document.getElementById("data");
  if (source === null) return;
  const { columns, rows, pageRows } = JSON.parse(source.textContent);
  const body = document.querySelector("#cells tbody");
  const heads = [...document.querySelectorAll("#cells thead th")];
  const find = document.getElementById("find");
  const state = document.getElementById("state");
  const status = document.getElementById("shown");
  const back = document.getElementById("back");
  const next = document.getElementById("next");
  document.getElementById("controls").hidden = false;
  const texts = rows.map((row) => row.map((value) => value === null ? "" : String(value)).join(" ").toLowerCase());
  let order = { column: -1, down: false };
  let page = 0;
  let found = rows.map((_, index) => index);

  const compare = (a, b) => {
    const x = rows[a][order.column];
    const y = rows[b][order.column];
    if (x === null || y === null) return x === y ? a - b : x === null ? 1 : -1;
    const numeric = typeof x === "number" && typeof y === "number";
    const result = numeric ? x - y : String(x).localeCompare(String(y), "en", { numeric: true });
    return (order.down ? -result : result) || a - b;
  };
  const select = () => {
    const words = find.value.toLowerCase().split(/\\s+/).filter(Boolean);
    found = rows.map((_, index) => index).filter((index) =>
      (state.value === "" || rows[index][0] === state.value) &&
      words.every((word) => texts[index].includes(word)));
    if (order.column >= 0) found.sort(compare);
    page = 0;
    show();
  };
  const show = () => {
    const pages = Math.max(1, Math.ceil(found.length / pageRows));
    const start = page * pageRows;
    body.replaceChildren(...found.slice(start, start + pageRows).map((index) => {
      const line = document.createElement("tr");
      rows[index].forEach((value, column) => {
        const cell = document.createElement("td");
        if (columns[column].numeric) cell.className = "number";
        else if (typeof value === "string" && value.length > ${longText}) cell.className = "long";
        cell.textContent = value === null ? "–" : typeof value === "number"
          ? String(Number(value.toPrecision(4))) : value;
        line.append(cell);
      });
      return line;
    }));
    const end = Math.min(start + pageRows, found.length);
    status.textContent = found.length === 0
      ? "No cell fits the filter."
      : "Rows " + (start + 1) + " to " + end + " of " + found.length + ", page " + (page + 1) + " of " + pages + ".";
    back.disabled = page === 0;
    next.disabled = page >= pages - 1;
  };
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      order = { column, down: order.column === column && !order.down };
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
      select();
    });
  });
  find.addEventListener("input", select);
  state.addEventListener("change", select);
  back.addEventListener("click", () => { page -= 1; show(); });
  next.addEventListener("click", () => { page += 1; show(); });
  show();
})();
`;
