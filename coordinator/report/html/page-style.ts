import { darkSeries, lightSeries } from "../../charts/paint.ts";

const light = theme(lightSeries, {
  ink: "#1a1d21",
  muted: "#565c64",
  grid: "#dfe2e6",
  surface: "#ffffff",
  page: "#f5f6f8",
  link: "#0055a0",
  warn: "#8a4b00",
});

const dark = theme(darkSeries, {
  ink: "#e8eaed",
  muted: "#adb3bb",
  grid: "#3a4048",
  surface: "#1b1f24",
  page: "#121519",
  link: "#8cc4ff",
  warn: "#f0b566",
});

function theme(series: readonly string[], names: Readonly<Record<string, string>>): string {
  const hues = series.map((colour, index) => `--series-${index}:${colour}`);
  return [...Object.entries(names).map(([name, colour]) => `--${name}:${colour}`), ...hues].join(
    ";",
  );
}

/** Themes by the system or by choice; paper is always light. */
export const pageStyle = `
:root{color-scheme:light;${light}}
@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${dark}}}
@media screen{:root[data-theme=dark]{color-scheme:dark;${dark}}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:1rem}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,"DejaVu Sans",sans-serif}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-100vw}
.skip:focus{left:1rem;top:1rem;background:var(--surface);padding:.5rem 1rem;z-index:2}
.layout{max-width:1460px;margin:0 auto;padding:1rem;display:grid;gap:1.5rem}
@media (min-width:1180px){.layout{grid-template-columns:230px minmax(0,1fr)}nav{position:sticky;top:1rem;align-self:start;max-height:calc(100vh - 2rem);overflow:auto}}
nav ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.15rem .9rem;font-size:.9rem}
@media (min-width:1180px){nav ul{flex-direction:column}nav ul ul{padding-left:.9rem}}
nav h2{font-size:.8rem;text-transform:uppercase;letter-spacing:.06em;color:var(--muted);margin:.2rem 0 .4rem}
main{min-width:0}
header h1{margin:.2rem 0;font-size:1.7rem;overflow-wrap:anywhere}
header p{margin:.2rem 0}
section,figure{background:var(--surface);border:1px solid var(--grid);border-radius:10px;padding:1.1rem 1.25rem;margin:0 0 1.25rem}
section.plain{background:none;border:0;padding:0}
h2{font-size:1.25rem;margin:0 0 .6rem}
h3{font-size:1.08rem;margin:0 0 .3rem;overflow-wrap:anywhere}
p{margin:.35rem 0;overflow-wrap:anywhere}
.muted,figcaption,.note{color:var(--muted);font-size:.88rem}
figcaption ul{margin:.4rem 0 0;padding-left:1.1rem}
.says{font-size:1.02rem}
.panels{display:flex;flex-wrap:wrap;gap:.4rem 1rem;overflow-x:auto;padding:.2rem 0}
.panels svg{flex:none;max-width:none}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem 1.2rem;margin:.5rem 0;padding:0;font-size:.88rem}
.legend li{display:flex;align-items:center;gap:.4rem;overflow-wrap:anywhere}
.legend svg{flex:none}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.88rem;font-variant-numeric:tabular-nums}
th,td{padding:.28rem .6rem;border-bottom:1px solid var(--grid);text-align:left;vertical-align:top;overflow-wrap:break-word;max-width:26rem}
td.long{min-width:min(40rem,70vw);max-width:60rem;overflow-wrap:anywhere}
thead th{border-bottom:2px solid var(--muted);white-space:nowrap}
td.number,th.number{text-align:right;white-space:nowrap}
caption{text-align:left;color:var(--muted);padding:.3rem 0}
summary{cursor:pointer;color:var(--link);margin-top:.5rem;width:fit-content}
pre{overflow-x:auto;background:var(--page);border:1px solid var(--grid);border-radius:6px;padding:.7rem;font-size:.85rem}
button,input,select{font:inherit;color:var(--ink);background:var(--surface);border:1px solid var(--muted);border-radius:6px;padding:.25rem .6rem}
button{cursor:pointer}
button:disabled{opacity:.45;cursor:default}
th button{border:0;padding:0;background:none;font-weight:600;text-align:inherit}
th[aria-sort=ascending] button::after{content:" ▲"}
th[aria-sort=descending] button::after{content:" ▼"}
.controls{display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:end;margin:.6rem 0}
.controls label{display:grid;font-size:.85rem;color:var(--muted)}
.decision{display:inline-block;border:1.5px solid var(--ink);border-radius:99px;padding:.02rem .65rem;font-weight:600;font-size:.9rem;white-space:nowrap}
.decision.none{border-style:dashed;border-color:var(--muted);color:var(--muted);font-weight:400}
.verdicts{list-style:none;margin:0;padding:0}
.verdicts>li{padding:.55rem 0;border-top:1px solid var(--grid)}
.verdicts>li:first-child{border-top:0}
.warn{color:var(--warn)}
dl.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.15rem 1rem;margin:0}
dl.facts dt{color:var(--muted)}
dl.facts dd{margin:0;overflow-wrap:anywhere}
.top{display:flex;flex-wrap:wrap;justify-content:space-between;gap:1rem;align-items:start}
@media (max-width:600px){section,figure{padding:.8rem .7rem;border-radius:0;margin-inline:-1rem}section.plain{margin-inline:0}h1{font-size:1.35rem}}
@media print{
body{background:#fff;font-size:10.5pt}
nav,.skip,.controls,#theme,summary,details:not([open]){display:none}
.layout{display:block;max-width:none;padding:0}
section,figure{border:0;border-top:1px solid var(--grid);border-radius:0;padding:.6rem 0;margin:0}
.panels{overflow:visible}
.panels svg{max-width:100%;height:auto;break-inside:avoid}
h2,h3,.says{break-after:avoid}
tr{break-inside:avoid}
}
@page{margin:14mm}
`;
