/** The look of a report page: dark and light as the reader has it, one column on a phone, plain on paper. */
export const pageStyle = `
:root { --page: #fbfbfa; --card: #ffffff; --ink: #1d2126; --soft: #5b636d; --line: #dfe2e6; --code: #f1f3f5;
  --error: #b3261e; --warning: #8a5300; --note: #4a5560; --tint-error: #fdecea; --tint-warning: #fdf1dc; --tint-note: #eceff2; }
@media (prefers-color-scheme: dark) { :root { --page: #14171a; --card: #1c2024; --ink: #e6e9ec; --soft: #a2abb5; --line: #30363c;
  --code: #262b31; --error: #ff9d94; --warning: #f2bd66; --note: #b6c0ca; --tint-error: #43201d; --tint-warning: #3b2c10; --tint-note: #2b3138; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0 auto; max-width: 72rem; padding: 2.5rem 1.5rem 4rem; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .6rem; margin: 0 0 .25rem; font-size: 1.25rem; line-height: 1.3; }
p { margin: .4rem 0; }
header p { color: var(--soft); }
.kicker { margin: 0 0 .2rem; font-size: .875rem; }
nav ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); gap: .5rem; margin: 1.5rem 0 0; padding: 0; list-style: none; }
nav a { display: flex; align-items: center; gap: .6rem; padding: .55rem .75rem; border: 1px solid var(--line); border-radius: .5rem;
  background: var(--card); color: inherit; text-decoration: none; }
nav a:hover, nav a:focus-visible { border-color: var(--soft); }
nav b { margin-left: auto; font-variant-numeric: tabular-nums; }
.mark { padding: .05rem .5rem; border-radius: 1rem; font-size: .8rem; font-weight: 600; white-space: nowrap; }
nav .mark { min-width: 4.6rem; text-align: center; }
.mark.error { background: var(--tint-error); color: var(--error); }
.mark.warning { background: var(--tint-warning); color: var(--warning); }
.mark.note { background: var(--tint-note); color: var(--note); }
.count { color: var(--soft); font-weight: 400; font-variant-numeric: tabular-nums; }
section { margin-top: 2.75rem; scroll-margin-top: 1rem; }
article { margin-top: .9rem; padding: .9rem 1rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--card); break-inside: avoid; }
.evidence { margin-top: 0; overflow-wrap: anywhere; }
.advice, .rest { color: var(--soft); }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(7.5rem, 1fr)); gap: .9rem; margin: .8rem 0; }
figure { margin: 0; min-width: 0; }
figure img, .none { display: block; width: 100%; aspect-ratio: 1; border-radius: .35rem; background: var(--code); object-fit: contain; }
img.small { image-rendering: pixelated; }
.none { display: grid; place-items: center; color: var(--soft); font-size: .8rem; }
figcaption { display: grid; margin-top: .3rem; font-size: .8rem; line-height: 1.35; }
figcaption span { color: var(--soft); }
figcaption b, .file { overflow-wrap: anywhere; }
dl { margin: .6rem 0 0; font-size: .875rem; }
dt { color: var(--soft); }
dd { margin: .15rem 0 .5rem; }
code { display: block; padding: .45rem .6rem; border-radius: .35rem; background: var(--code); font: .8125rem/1.45 ui-monospace, "SF Mono", Menlo, Consolas, monospace;
  overflow-wrap: anywhere; white-space: pre-wrap; user-select: all; }
.well { margin-top: 2rem; font-size: 1.1rem; }
@media (max-width: 40rem) { body { padding: 1.5rem 1rem 3rem; } nav ul { grid-template-columns: 1fr; } .pictures { grid-template-columns: repeat(auto-fill, minmax(6rem, 1fr)); } }
@media print { :root { --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --code: #f4f4f4; } body { padding: 0; font-size: 10pt; }
  nav { break-after: auto; } h2 { break-after: avoid; } .pictures { grid-template-columns: repeat(auto-fill, 2.6cm); } }
`;
