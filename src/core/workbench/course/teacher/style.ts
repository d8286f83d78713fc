/** What the teacher's pages add to `pageStyle`: lists and tables of text, and sheets that begin a page of paper each. */
export const teacherStyle = `
h3 { margin: 24px 0 4px; font-size: 1rem; }
h4 { margin: 0; }
section li { margin-top: 4px; max-width: 76ch; }
section ul, section ol { margin: 4px 0 0; padding-left: 20px; }
section ul.plain { padding-left: 0; list-style: none; }
.soft { color: var(--soft); }
.seen > li { margin-top: 12px; }
section table { max-width: 76ch; table-layout: auto; }
#hashes table { max-width: none; }
section th, section td { text-align: left; vertical-align: top; }
section td { white-space: normal; }
section td.number { white-space: nowrap; color: var(--soft); }
section thead th:first-child { white-space: nowrap; overflow-wrap: normal; }
.whole code { font-size: .75rem; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
dl > div { margin-top: 12px; max-width: 76ch; }
dt { font-size: 1rem; color: var(--ink); }
dd { color: var(--soft); }
.sheet { padding: 16px 24px 24px; border: 1px solid var(--line); border-radius: 4px; background: var(--card); }
.part { margin-top: 80px; }
.ask { margin-top: 8px; color: var(--soft); max-width: none; }
li > .ask { white-space: nowrap; }
li > p.ask { white-space: normal; }
.line { display: block; height: 28px; border-bottom: 1px solid var(--soft); }
.blank { display: inline-block; width: 96px; border-bottom: 1px solid var(--soft); }
.blank.wide { width: 40%; }
.boxes { display: inline-flex; vertical-align: middle; }
.boxes i { width: 25px; height: 24px; margin-right: -1px; border: 1px solid var(--soft); }
.session { break-inside: avoid; }
.session p { margin-top: 8px; max-width: 76ch; }
td .soft { display: block; margin-top: 4px; }
dd code { display: inline; padding: 0; background: none; font-size: .875rem; }
@media (max-width: 699px) { .sheet { padding: 12px; } }
@media print {
  nav { display: none; }
  section table { font-size: 9pt; }
  li, tr, dl > div { break-inside: avoid; }
  h3 { break-after: avoid; margin-top: 14px; }
  .part { break-before: page; margin-top: 0; }
  .part + .sheet { break-before: auto; }
  .sheet { break-before: page; padding: 0; border: 0; }
  main > .sheet:first-child { break-before: auto; margin-top: 0; }
  body:has(main > .sheet:first-child) > header { display: none; }
  #plan { break-before: page; }
  .sheet li { margin-top: 8px; }
  .sheet li li, .sheet h3 + ol > li:first-child { margin-top: 2px; }
  .line { height: 22px; }
  /* The first letters are enough on paper. */
  .whole { display: none; }
}
`;
