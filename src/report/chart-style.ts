import { reportPage } from '../core/workbench/page/frame.ts';

/** What pages with charts and tables add to `pageStyle`. Train is blue and val orange (Okabe-Ito), as everywhere. */
export const chartStyle = `
:root { --train: #0072b2; --val: #c55a00; }
@media (prefers-color-scheme: dark) { :root { --train: #58b4ee; --val: #ff9d45; } }
@media print { :root { --train: #0072b2; --val: #c55a00; } }
.verdict { margin: 1.2rem 0 0; padding: .9rem 1.1rem; border: 1px solid var(--line); border-left: .3rem solid var(--val); border-radius: .5rem; background: var(--card); }
.verdict p { margin: .3rem 0; }
.chart { margin-top: .6rem; padding: .6rem .6rem .2rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--card); break-inside: avoid; }
.chart svg { display: block; width: 100%; height: auto; max-width: 100%; font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow: visible; }
.chart.narrow { display: none; }
.scroll { overflow-x: auto; margin-top: .6rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--card); }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { padding: .45rem .8rem; text-align: left; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; max-width: 22rem; }
thead th { border-top: 0; color: var(--soft); font-weight: 600; white-space: nowrap; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr.best td { font-weight: 600; }
.key { color: var(--soft); font-size: .9rem; }
@media (max-width: 40rem) { .chart.wide { display: none; } .chart.narrow { display: block; } th, td { padding: .4rem .55rem; } }
@media print { .scroll { overflow: visible; } table { font-size: 8.5pt; } h3, h3 + p { break-after: avoid; } }
`;

/** A whole page, with nothing to load. @param title and kicker are HTML; @param style what it adds to the common look. */
export const page = (kicker: string, title: string, style: string, body: string): string =>
  reportPage(
    title,
    `<header>
<p class="kicker">${kicker}</p>
<h1>${title}</h1>
</header>
<main id="found" tabindex="-1">
${body}
</main>`,
    style,
  );
