import { escapeHtml } from '../../core/workbench/page/escape.ts';
import { pageStyle } from '../../core/workbench/page/style.ts';
import type { ShownModel } from '../../core/workbench/show-model.ts';
import { sees } from '../terminal/layer-table.ts';
import { amount, bytes, count } from '../terminal/numbers.ts';
import { timeLines } from '../terminal/totals.ts';

const modelStyle = `
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .6rem; margin: 1.5rem 0; }
.figures div { padding: .6rem .8rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); }
.figures dt { color: var(--soft); font-size: .85rem; }
.figures dd { margin: 0; font-size: 1.25rem; font-variant-numeric: tabular-nums; }
.graph { overflow-x: auto; }
.graph svg { display: block; margin: 0 auto; height: auto; max-width: 100%; }
.layers { overflow-x: auto; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
th, td { padding: .3rem .7rem .3rem 0; text-align: left; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; }
.number { text-align: right; }
`;

/** One page that holds everything it shows. Names come from strangers' files: all are escaped. */
export function modelPage(shown: ShownModel, svg: string): string {
  const { model, summary, kernels, memory, time } = shown;
  const name = escapeHtml(shown.name);
  const rate = time && `${count(time.picturesPerSecond)} pictures/s`;
  const figures: readonly (readonly [string, string | undefined])[] = [
    ['parameters', count(summary.parameters)],
    ['multiply-adds a picture', amount(summary.macs)],
    ['kept for a picture in training', bytes(kernels.kept.layers + kernels.kept.picture)],
    [`memory of steps of ${kernels.batch}`, memory && bytes(memory.memory)],
    ['training on this machine', rate],
  ];
  const kept = new Map(kernels.layers.map((layer) => [layer.id, layer]));
  const rows = summary.layers.map((layer) => {
    const { id, type, outputShape, parameters, macs, receptiveField } = layer;
    const own = kept.get(id);
    const cells = [
      parameters ? count(parameters) : '',
      macs ? amount(macs) : '',
      own?.kept ? bytes(own.kept) : '',
      sees(receptiveField),
    ];
    const kernel = own?.evaluation.running.join(', ') ?? '';
    return `<tr><td>${escapeHtml(id)}</td><td>${escapeHtml(type)}</td><td class="number">${outputShape.join('x')}</td>${cells.map((cell) => `<td class="number">${escapeHtml(cell)}</td>`).join('')}<td>${escapeHtml(kernel)}</td></tr>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Model: ${name}</title>
<style>${pageStyle}${modelStyle}</style>
</head>
<body>
<header>
<p class="kicker">fovea model show</p>
<h1>${name}</h1>
<p>For pictures of ${model.input.join('x')} and ${count(model.classes)} classes; ${count(summary.layers.length)} layers.</p>
</header>
<dl class="figures">${figures
    .filter(([, value]) => value !== undefined)
    .map(([title, value]) => `<div><dt>${escapeHtml(title)}</dt><dd>${escapeHtml(value as string)}</dd></div>`)
    .join('')}</dl>
${timeLines(shown)
  .map((line) => `<p class="advice">${escapeHtml(line)}</p>`)
  .join('\n')}
<main>
<section aria-label="Graph"><div class="graph" tabindex="0">${readable(svg)}</div></section>
<section>
<h2>Layers</h2>
<p class="advice">sees: the receptive field; * where it reaches over the picture's edges, + where a factor or a norm brings in something of the whole picture. kept: what training holds for the backward pass, for one picture.</p>
<div class="layers" tabindex="0"><table>
<thead><tr><th>layer</th><th>type</th><th class="number">output</th><th class="number">parameters</th><th class="number">multiply-adds</th><th class="number">kept</th><th class="number">sees</th><th>kernels</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>
</section>
</main>
</body>
</html>
`;
}

/** On a narrow screen the graph is scrolled sideways before its letters become too small to read. */
const readable = (svg: string): string =>
  svg.replace(
    /width="(\d+)" height="\d+"/,
    (all, width) => `${all} style="min-width:${Math.round(0.72 * Number(width))}px"`,
  );
