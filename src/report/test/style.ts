/** What a report of a test adds to the look of reports and charts. */
export const testStyle = `
:root { --good: #1a7f4b; }
@media (prefers-color-scheme: dark) { :root { --good: #57c98d; } }
.key-figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(184px, 1fr)); gap: 12px; margin: 24px 0 0; }
header, nav, main { min-width: 0; }
.chart.natural svg { width: auto; }
.cells { display: grid; grid-template-columns: repeat(auto-fill, minmax(280px, 1fr)); gap: 0 12px; align-items: start; }
.cells details[open] { grid-column: 1 / -1; }
.key-figures div { padding: 12px 16px; border: 1px solid var(--line); border-radius: 4px; background: var(--card); break-inside: avoid; }
.key-figures dt { font-size: .875rem; }
.key-figures dd { margin: 0; font-size: 1.25rem; font-weight: 600; line-height: 1.3; }
.key-figures dd.between { color: var(--soft); font-size: .75rem; font-weight: 400; }
section h3 { margin: 24px 0 0; font-size: 1rem; font-weight: 600; }
section h3 + p { margin-top: 4px; max-width: 66ch; }
section > p { overflow-wrap: anywhere; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(120px, 1fr)); gap: 12px; margin-top: 12px; }
.gallery figure { width: 120px; break-inside: avoid; }
.gallery img, .gallery .none { width: 120px; height: 120px; }
img.small, .tiny img { image-rendering: pixelated; }
details { margin-top: 8px; border: 1px solid var(--line); border-radius: 4px; background: var(--card); }
summary { padding: 8px 12px; cursor: pointer; }
details > .gallery { margin: 4px 12px 12px; }
.scroll table { margin-top: 0; }
td, th { padding-left: 12px; }
td { white-space: normal; }
tr:last-child td { border-bottom: 0; }
tr.real td:first-child { font-weight: 600; }
th:first-child { max-width: none; white-space: nowrap; }
td:first-child, td, thead th { text-align: left; }
td.number, th.number { text-align: right; white-space: nowrap; }
.chart { border-radius: 4px; }
.scroll { border-radius: 4px; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); gap: 12px; margin-top: 12px; }
.charts figure { padding: 8px 12px; border: 1px solid var(--line); border-radius: 4px; background: var(--card); break-inside: avoid; }
.charts svg { display: block; width: 100%; height: auto; font: 11px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow: visible; }
.charts figcaption { font-size: .875rem; }
.graph { overflow: auto; max-height: 640px; margin-top: 12px; padding: 12px; border: 1px solid var(--line); border-radius: 4px; background: var(--card); }
.graph svg { max-width: none; height: auto; } .graph .fv .paper { fill: none; }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 16px; margin-top: 12px; font-size: .875rem; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 699px) { td:last-child:not(.number) { min-width: 176px; } .facts { grid-template-columns: 1fr; gap: 0; } .facts dd { margin-bottom: 8px; } .gallery { grid-template-columns: repeat(auto-fill, minmax(104px, 1fr)); gap: 8px; } .gallery figure, .gallery img, .gallery .none { width: 104px; } .gallery img, .gallery .none { height: 104px; } .key-figures { grid-template-columns: repeat(2, 1fr); gap: 8px; } .key-figures div { padding: 8px 12px; } }
@media print { nav { display: none; } .gallery { grid-template-columns: repeat(auto-fill, minmax(92px, 1fr)); gap: 8px; } .gallery figure, .gallery img, .gallery .none { width: 92px; } .gallery img, .gallery .none { height: 92px; } summary { list-style: none; } details > .gallery { display: grid; } details::details-content { content-visibility: visible; height: auto; } .graph { max-height: none; overflow: visible; } .graph svg { max-width: 100%; } .chart.narrow { display: none; } .chart.wide { display: block; } .key-figures { grid-template-columns: repeat(4, 1fr); } }
`;
