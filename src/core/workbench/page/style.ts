/**
 * The look of a report page: dark and light as the reader has it, the list of findings beside them where there is room, one
 * column on a phone, plain on paper. One scale of type (12, 14, 16, 20, 28 px), spaces in multiples of 4 px, one radius,
 * two weights; colour for severity and data alone.
 */
export const pageStyle = `
:root { --page: #fbfbfa; --card: #fff; --ink: #1d2126; --soft: #5b636d; --line: #dfe2e6; --code: #f1f3f5; --accent: #0b5fa5;
  --train: #0072b2; --error: #b3261e; --warning: #8a5300; --note: #4a5560; }
@media (prefers-color-scheme: dark) { :root { --page: #14171a; --card: #1c2024; --ink: #e6e9ec; --soft: #a2abb5; --line: #30363c;
  --code: #262b31; --accent: #7cbcf0; --train: #4aa3dc; --error: #ff9d94; --warning: #f2bd66; --note: #b6c0ca; } }
* { box-sizing: border-box; }
body { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 40px; margin: 0 auto; max-width: 1200px; padding: 40px 24px 64px;
  background: var(--page); color: var(--ink); font: 400 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums; }
h1, h2, p, dl, dd, ul, figure { margin: 0; }
h1, h2, b, th { font-weight: 600; }
h1 { font-size: 1.75rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; line-height: 1.3; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
main:focus { outline: none; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 24px; top: 8px; }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
header p { margin-top: 8px; max-width: 66ch; }
.advice, .rest, header p, footer, dt, .count, figcaption span { color: var(--soft); }
.rest, dt, footer { font-size: .875rem; }
nav { margin-top: 32px; font-size: .875rem; }
nav h2 { margin: 16px 0 4px; font-size: .875rem; }
nav h2:first-child { margin-top: 0; }
nav h2 span { color: var(--soft); font-weight: 400; }
nav ul { padding: 0; list-style: none; border-top: 1px solid var(--line); }
nav a { display: flex; gap: 12px; justify-content: space-between; padding: 8px 0; border-bottom: 1px solid var(--line); color: inherit; text-decoration: none; }
nav a:hover span:first-child { text-decoration: underline; }
nav .count { white-space: nowrap; }
.error { color: var(--error); } .warning { color: var(--warning); } .note { color: var(--note); }
.mark { padding: 0 8px; border: 1px solid currentColor; border-radius: 4px; font-size: .75rem; font-weight: 400; line-height: 1.5; }
section { margin-top: 48px; scroll-margin-top: 16px; }
section h2 { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; }
section h2 .count { font-weight: 400; }
section > p, section > dl { margin-top: 8px; max-width: 66ch; }
section > .all { max-width: none; }
article { display: grid; gap: 12px 20px; margin-top: 12px; padding: 16px; border: 1px solid var(--line); border-radius: 4px; background: var(--card); break-inside: avoid; }
.words { min-width: 0; }
.words > * + * { margin-top: 8px; }
.evidence { overflow-wrap: anywhere; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, 112px); gap: 12px; align-content: start; }
.names { padding-left: 20px; color: var(--soft); font-size: .875rem; overflow-wrap: anywhere; }
figure { min-width: 0; }
figure img, .none { display: block; width: 112px; height: 112px; border-radius: 4px; background: var(--code); object-fit: contain; }
img.small { image-rendering: pixelated; }
.none { display: grid; place-items: center; color: var(--soft); font-size: .75rem; }
figcaption { display: grid; margin-top: 4px; font-size: .75rem; line-height: 1.35; }
figcaption b, .file { overflow-wrap: anywhere; }
dd { margin: 4px 0 8px; }
dd:last-child { margin-bottom: 0; }
code { font: .875rem/1.45 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; user-select: all; }
code span { white-space: nowrap; }
dd code { display: block; padding: 8px 12px; border-radius: 4px; background: var(--code); font-size: .75rem; }
table { width: 100%; margin-top: 12px; border-collapse: collapse; font-size: .875rem; }
th, td { padding: 4px 16px 4px 0; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child { max-width: 320px; text-align: left; white-space: normal; overflow-wrap: anywhere; }
tbody th { font-weight: 400; }
.bar { width: 50%; padding-right: 0; }
.bar i { display: block; height: 8px; min-width: 1px; background: var(--train); }
footer { margin-top: 48px; max-width: 66ch; }
.well { margin-top: 48px; font-size: 1.25rem; }
@media (min-width: 700px) {
  .beside { grid-template: "pictures words" auto "pictures mends" 1fr / max-content minmax(0, 1fr); }
  .beside .pictures { grid-area: pictures; display: flex; }
  .beside figure { width: 112px; }
}
@media (min-width: 1000px) {
  body:has(> nav) { grid-template-columns: 256px minmax(0, 1fr); }
  header, footer { grid-column: 1 / -1; }
  nav { position: sticky; top: 24px; align-self: start; max-height: calc(100vh - 48px); margin-top: 48px; overflow-y: auto; }
}
@media (max-width: 699px) { body { padding: 24px 16px 48px; } article { padding: 12px; } th, td { padding-right: 8px; } .bar { width: 30%; } }
@media (pointer: coarse) { nav a { padding: 12px 0; } }
@media print {
  :root { --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --code: #f4f4f4; --accent: #000; --train: #0072b2; --error: #b3261e; --warning: #8a5300; --note: #4a5560; }
  @page { margin: 16mm; }
  body { display: block; max-width: none; padding: 0; font-size: 10pt; }
  .skip { display: none; }
  nav { position: static; max-height: none; }
  section { margin-top: 24px; }
  h2, section > p { break-after: avoid; }
  tr { break-inside: avoid; }
  .bar i { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
