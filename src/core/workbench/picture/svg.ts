import { escapeMarkup } from '../../formats/markup.ts';
import type { ModelSpec } from '../../model/spec.ts';
import type { ModelSummary } from '../../model/summary.ts';
import { type Box, boxesOf } from './boxes.ts';
import { type PlacedBox, type PlacedEdge, placeBoxes } from './layout.ts';

const boxWidth = 226;
const mergeWidth = 158;

/** Colours by kind of layer (Okabe-Ito), and a paper that is dark where the reader's is. */
const style = `
.fv { --ink: #1d2126; --soft: #59626c; --card: #ffffff; --paper: #fbfbfa; --line: #c9ced4; --edge: #8a939d;
  --picture: #59626c; --convolution: #0072b2; --linear: #a2478a; --pooling: #00805d; --merge: #c2570c; --other: #8a939d;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
@media (prefers-color-scheme: dark) { .fv { --ink: #e6e9ec; --soft: #a6afb9; --card: #1c2024; --paper: #14171a; --line: #3a4148;
  --edge: #727c87; --picture: #a6afb9; --convolution: #56b4e9; --linear: #dd9cc8; --pooling: #3fc79a; --merge: #f0a35e; --other: #727c87; } }
.fv .paper { fill: var(--paper); }
.fv .card { fill: var(--card); stroke: var(--line); }
.fv .edge { fill: none; stroke: var(--edge); stroke-width: 1.4; }
.fv .tip { fill: var(--edge); }
.fv text { fill: var(--ink); font-size: 13px; }
.fv .soft { fill: var(--soft); font-size: 11.5px; }
.fv .right { text-anchor: end; }
.fv .strong { font-weight: 600; }
${(['picture', 'convolution', 'linear', 'pooling', 'merge', 'other'] as const).map((name) => `.fv .${name} { fill: var(--${name}); }`).join('\n')}
@media print { .fv { --ink: #000; --soft: #333; --card: #fff; --paper: #fff; --line: #999; --edge: #555; } }
`;

/**
 * The graph of a model as one SVG that needs nothing else: data flow from top to bottom, one box for a layer and the norm
 * and activation after it. Hovering over a box tells the ids and counts in full.
 */
export function modelSvg(spec: ModelSpec, summary: ModelSummary, title: string): string {
  const { boxes, edges, width, height } = placeBoxes(boxesOf(spec, summary), (box) => ({
    width: box.family === 'merge' ? mergeWidth : boxWidth,
    height: 14 + 16 * (1 + linesOf(box).length),
  }));
  return `<svg xmlns="http://www.w3.org/2000/svg" class="fv" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(`The layers of ${title}`)}">
<style>${style}</style>
<rect class="paper" width="100%" height="100%"/>
${edges.map(drawEdge).join('\n')}
${boxes.map(drawBox).join('\n')}
</svg>
`;
}

function drawBox({ box, x, y, width, height }: PlacedBox): string {
  const { family, title, shape, parameters } = box;
  const right = width - 10;
  const letters = lettersIn(width);
  const lines = linesOf(box).map((line, i) => {
    const room = i === 0 && parameters > 0 ? letters - 13 : letters;
    return `<text class="soft" x="14" y="${36 + 16 * i}">${escapeXml(shorten(line, room))}</text>`;
  });
  if (parameters > 0) lines.push(`<text class="soft right" x="${right}" y="36">${short(parameters)} weights</text>`);
  return `<g transform="translate(${round(x)} ${round(y)})"><title>${escapeXml(tellBox(box))}</title><rect class="card" width="${width}" height="${height}" rx="7"/><rect class="${family}" width="5" height="${height}" rx="2.5"/><text class="strong" x="14" y="20">${escapeXml(title)}</text><text class="right" x="${right}" y="20">${shape.join('x')}</text>${lines.join('')}</g>`;
}

/** What stands below the title: what the layer is like, its id, and what follows in its box. */
function linesOf({ family, id, detail, also }: Box): string[] {
  const name = family === 'picture' ? '' : id;
  const after = also.join(', ');
  if (family === 'merge') return [after].filter((line) => line !== '');
  const both = after === '' ? name : `${name}: ${after}`;
  const lines = detail !== '' && both.length <= lettersIn(boxWidth) ? [detail, both] : [detail, name, after];
  return lines.filter((line) => line !== '');
}

/** Small letters that fit into a box, whatever the reader's font. */
const lettersIn = (width: number): number => Math.floor((width - 20) / 6.9);

/** Everything about a box, a line each. */
function tellBox({ title, detail, shape, layers, parameters, macs }: Box): string {
  const counts = [
    parameters > 0 ? `${parameters} parameters` : '',
    macs > 0 ? `${macs} multiply-adds a picture` : '',
  ].filter((text) => text !== '');
  return [`${title} ${detail}`.trim(), layers.join(', '), `gives ${shape.join('x')}`, ...counts]
    .filter((text) => text !== '')
    .join('\n');
}

/** A line with rounded corners, and an arrow's tip at its end. */
function drawEdge({ points }: PlacedEdge): string {
  const at = ({ x, y }: { x: number; y: number }): string => `${round(x)} ${round(y)}`;
  const last = points[points.length - 1];
  let path = `M${at(points[0])}`;
  for (let i = 1; i < points.length - 1; i++) {
    const middle = { x: (points[i].x + points[i + 1].x) / 2, y: (points[i].y + points[i + 1].y) / 2 };
    path += ` Q${at(points[i])} ${at(i === points.length - 2 ? last : middle)}`;
  }
  if (points.length < 3) path += ` L${at(last)}`;
  const tip = `M${at(last)}l-3.5 -6h7z`;
  return `<path class="edge" d="${path}"/><path class="tip" d="${tip}"/>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** The middle of a long name is left out: beginnings and ends tell layers apart. */
const shorten = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, Math.ceil(most / 2) - 1)}…${text.slice(-Math.floor(most / 2))}`;

/** `2.3 k`. */
function short(value: number): string {
  const units = ['', ' k', ' M', ' G'];
  let unit = 0;
  let scaled = value;
  for (; scaled >= 999.5 && unit < units.length - 1; unit++) scaled /= 1000;
  return `${unit === 0 || scaled >= 99.5 ? Math.round(scaled) : scaled.toFixed(1)}${units[unit]}`;
}

/** Text between tags or in quotes; what no XML text may hold is left out. */
const escapeXml = (text: string): string => escapeMarkup(text.replace(/[^\P{C}\n]/gu, ''));
