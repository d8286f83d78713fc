import type { Explanation } from '../../core/explain/methods/index.ts';
import type { Panel } from '../../core/explain/panel.ts';
import type { ListedMethod } from '../../core/workbench/explain.ts';
import { escapeHtml, escapePath, escapeUnbroken } from '../../core/workbench/page/escape.ts';
import { page } from '../../report/chart-style.ts';
import { percent } from '../terminal/numbers.ts';

/** One method's answer about one picture (or about the network), with its panels drawn. */
export interface ExplainedSection {
  /** The picture's file; undefined where the network alone is shown. */
  readonly file: string | undefined;
  readonly method: ListedMethod;
  readonly explanation: Explanation;
  /** What the classifier says of the picture: class and probability. */
  readonly predicted: { readonly class: string; readonly probability: number } | undefined;
  /** PNG as base64, in the order of the panels. */
  readonly images: readonly string[];
  /** The picture itself, as PNG; undefined where the network alone is shown. */
  readonly original?: string;
  /** Of a map of points: each class's mark as PNG. */
  readonly marks?: readonly string[];
}

const sheetStyle = `
body { display: block; max-width: 1200px; }
.kicker { color: var(--soft); font-size: .875rem; margin: 0; }
header + main > section:first-child { margin-top: 16px; }
.methods { display: flex; flex-wrap: wrap; gap: 24px 16px; align-items: flex-start; margin-top: 16px; }
.method { flex: 0 1 auto; min-width: 0; max-width: 338px; break-inside: avoid; }
.method.two { max-width: 692px; } .method.whole { flex: 1 0 100%; max-width: none; break-inside: auto; }
.method h2, .method h3 { margin: 0; font-size: 1rem; font-weight: 600; } .method.whole h2 { font-size: 1.25rem; }
.method p { margin-top: 8px; max-width: 66ch; } .method p.rest { margin-top: 4px; }
.panels { display: flex; flex-wrap: wrap; gap: 16px; margin-top: 8px; }
/* Nine in a row, on a phone three: the colours of a filter stay together. */
.panels.many { max-width: 1016px; }
.panels figure { flex: 0 1 auto; max-width: 100%; }
.panels figure img { width: auto; height: auto; max-width: 100%; border: 1px solid var(--line); object-fit: initial; border-radius: 0; image-rendering: pixelated; }
.panels.one figure img { width: 336px; } .panels.few figure img { width: 240px; } .panels.many figure img { width: 96px; }
.panels.many figure { width: 98px; } .panels.few figure { width: 242px; } .panels.one figure { width: 338px; }
.panels figcaption { overflow-wrap: anywhere; font-size: .875rem; } .panels.many figcaption { font-size: .75rem; }
.panels.map figure { width: 562px; } .panels.map figure img { width: 560px; image-rendering: auto; }
.key { display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 0; margin-top: 12px; list-style: none; font-size: .875rem; }
.key li { display: flex; align-items: center; gap: 8px; } .key img { width: 16px; height: 16px; border-radius: 4px; }
.scalebar { display: grid; grid-template-columns: 1fr auto 1fr; max-width: 336px; margin-top: 12px; font-size: .75rem; color: var(--soft); }
.scalebar i { grid-column: 1 / -1; height: 12px; border: 1px solid var(--line); print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.scalebar span:last-child { text-align: right; }
.signed i { background: linear-gradient(90deg, #08306b, #0072b2, #9ecae1, #fff 49.4%, #000 49.4%, #000 50.6%, #fff 50.6%, #fdbe85, #d55e00, #7f2704); }
.positive i { background: linear-gradient(90deg, #440154, #482878, #3e4989, #31688e, #26828e, #1f9e89, #35b779, #6ece58, #b5de2b, #fde725); }
details { margin-top: 12px; max-width: 66ch; font-size: .875rem; } summary { cursor: pointer; color: var(--accent); }
@media print { details::details-content { content-visibility: visible; height: auto; } summary { list-style: none; color: inherit; } }
section + section { border-top: 1px solid var(--line); padding-top: 32px; margin-top: 32px; }
`;

/** Explanations as one page that holds everything it shows. Names of files and classes come from strangers: all are escaped. */
export function explainPage(run: string, sections: readonly ExplainedSection[]): string {
  const files = [...new Set(sections.map(({ file }) => file))];
  const title = files.length === 1 && files[0] !== undefined ? files[0] : 'What the network sees';
  const body = files
    .map((file) => {
      const own = sections.filter((one) => one.file === file);
      return fileHtml(file !== undefined && files.length > 1 ? file : undefined, own);
    })
    .join('\n');
  return page(`fovea explain ${escapePath(run)}`, escapePath(title), sheetStyle, body);
}

const image = (png: string, alt: string, caption: string): string =>
  `<figure><img src="data:image/png;base64,${png}" alt="${escapeHtml(alt)}"><figcaption>${escapeHtml(caption)}</figcaption></figure>`;

/** Names beside the marks of a map of points. */
function keyOf(panels: readonly Panel[], marks: readonly string[] | undefined): string {
  const points = panels.find((panel) => panel.kind === 'points');
  if (points?.kind !== 'points' || !marks) return '';
  const items = points.names.map(
    (name, i) => `<li><img src="data:image/png;base64,${marks[i]}" alt="">${escapeHtml(name)}</li>`,
  );
  return `<ul class="key">${items.join('')}</ul>`;
}

type Size = 'map' | 'one' | 'few' | 'many';

const sizeOf = ({ explanation: { panels } }: ExplainedSection): Size =>
  panels[0]?.kind === 'points' ? 'map' : panels.length <= 2 ? 'one' : panels.length <= 6 ? 'few' : 'many';

/** All that was asked about one picture, side by side where it is small. @param heading the file, where there are several. */
function fileHtml(heading: string | undefined, own: readonly ExplainedSection[]): string {
  const [{ predicted, original }] = own;
  const level = heading === undefined ? 'h2' : 'h3';
  const told = predicted
    ? `<p class="rest">The classifier says ${escapeHtml(predicted.class)} (${percent(predicted.probability)}).</p>`
    : '';
  // Among many maps the picture is one of them; beside large ones it stands once for all.
  const beside = original !== undefined && own.some((one) => sizeOf(one) === 'one');
  const picture = beside
    ? `<div class="method"><${level}>The picture</${level}><div class="panels one">${image(original, 'The picture', 'as the network sees it')}</div></div>`
    : '';
  const blocks = own.map((one, i) => methodHtml(one, level, i === 0 && !beside ? original : undefined));
  return `<section>
${heading === undefined ? '' : `<h2>${escapePath(heading)}</h2>`}
${told}
<div class="methods">${picture}${blocks.join('\n')}</div>
</section>`;
}

function methodHtml(one: ExplainedSection, level: 'h2' | 'h3', original: string | undefined): string {
  const { method, explanation, images, marks } = one;
  const { panels, words } = explanation;
  const size = sizeOf(one);
  const kind = size !== 'one' ? ' whole' : panels.length > 1 ? ' two' : '';
  const said = words.map((text) => `<p>${escapeUnbroken(text)}</p>`).join('\n');
  const scale = scaleBar(panels);
  const shown = `<div class="panels ${size}">
${original === undefined ? '' : image(original, 'The picture', 'The picture')}
${panels.map((panel, i) => image(images[i], `${method.title}: ${panel.title}`, panel.title)).join('\n')}
</div>`;
  return `<div class="method${kind}">
<${level}>${escapeHtml(method.title)}</${level}>
${size === 'one' ? `${shown}${scale}${said}` : `${said}${scale}${shown}`}
${keyOf(panels, marks)}
<details><summary>What it shows, and what not</summary><p>${escapeHtml(method.shows)}</p><p>${escapeHtml(method.limits)}</p><p class="rest">${escapeHtml(method.source)}</p></details>
</div>`;
}

/** What the colours mean, where all panels share a scale. */
function scaleBar(panels: readonly Panel[]): string {
  const first = panels.find((panel) => panel.kind === 'values');
  if (first?.kind !== 'values') return '';
  const alike = panels.every(
    (panel) =>
      panel.kind !== 'values' || (panel.scale === first.scale && panel.low === first.low && panel.high === first.high),
  );
  if (!alike) return '';
  const middle = first.scale === 'signed' ? '0' : '';
  return `<div class="scalebar ${first.scale}"><i></i><span>${first.low.toPrecision(3)}</span><span>${middle}</span><span>${first.high.toPrecision(3)}</span></div>`;
}
