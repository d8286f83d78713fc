import type { Comparison } from '../../core/workbench/compare.ts';
import { escapeHtml } from '../../core/workbench/page/escape.ts';
import { chartStyle, page } from '../../report/chart-style.ts';
import { curvesChart } from '../../report/curves.ts';
import { loadPlotter } from '../../report/plot.ts';
import { comparisonWords } from '../comparison-words.ts';
import { loss, percent } from '../terminal/numbers.ts';

/** One page that holds all it shows: verdict, curves, numbers, recipes. Names come from strangers: all are escaped. */
export async function comparisonPage(compared: Comparison): Promise<string> {
  const plotter = await loadPlotter();
  const { runs } = compared;
  const letters = runs.map(({ letter }) => letter).join(', ');
  const charts = (
    [
      ['Val loss', 'val', 'valLoss', 'Lower is better; a dot marks the best epoch, whose weights were kept'],
      [
        'Train loss',
        'train',
        'trainLoss',
        'Of a fixed sample of training pictures, seen as validation pictures are: compare it with val loss',
      ],
      [
        'Loss in training',
        'train',
        'loss',
        'Over the pictures as the epoch met them, augmentation and dropout included',
      ],
      ['Val accuracy', 'val', 'valAccuracy', 'Higher is better'],
    ] as const
  )
    // Older runs did not measure every loss.
    .filter(([, , key]) => runs.some(({ history }) => history.some((record) => record[key] !== undefined)))
    .map(([title, ink, key, doc]) => {
      const curves = runs.map(({ letter, history, best }) => ({
        name: letter,
        ink,
        values: history.map((record) => record[key] ?? Number.NaN),
        best: ink === 'train' ? undefined : best?.epoch,
      }));
      const label = `${title} of ${letters} over the epochs; the numbers stand in the table`;
      return `<section><h2>${title}</h2><p class="key">${doc}.</p>${curvesChart(plotter, label, curves, key === 'valAccuracy')}</section>`;
    });
  const body = `<div class="verdict">${comparisonWords(compared)
    .map((words) => `<p>${escapeHtml(words)}</p>`)
    .join('')}</div>
<section><h2>Runs</h2>${runsTable(compared)}</section>
${charts.join('\n')}
<section><h2>What differs</h2>${differencesTable(compared)}</section>`;
  return page('fovea runs compare', escapeHtml(`${runs.length} runs: ${letters}`), chartStyle, body);
}

function runsTable({ runs }: Comparison): string {
  const rows = runs.map(({ letter, run, model, data, seed, history, best, status, valImages }) => {
    const cells = best
      ? [best.epoch, loss(best.trainLoss ?? best.loss), loss(best.valLoss), percent(best.valAccuracy, 2)]
      : ['–', '–', '–', '–'];
    return `<tr><td><b>${letter}</b></td><td>${escapeHtml(run)}</td><td>${escapeHtml(model)}</td><td>${escapeHtml(data)}</td><td class="number">${seed}</td><td class="number">${history.length}</td>${cells
      .map((cell) => `<td class="number">${cell}</td>`)
      .join('')}<td class="number">${valImages}</td><td>${status}</td></tr>`;
  });
  const heads = ['', 'run', 'model', 'data'].map((head) => `<th>${head}</th>`).join('');
  const numbers = ['seed', 'epochs', 'best epoch', 'train loss', 'val loss', 'val accuracy', 'val pictures']
    .map((head) => `<th class="number">${head}</th>`)
    .join('');
  return `<div class="scroll"><table><thead><tr>${heads}${numbers}<th>status</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function differencesTable({ runs, differences }: Comparison): string {
  if (differences.length === 0) return '<p>Recipes and data are equal.</p>';
  const head = runs.map(({ letter }) => `<th>${letter}</th>`).join('');
  const rows = differences.map(
    ({ field, values }) =>
      `<tr><td>${escapeHtml(field)}</td>${values
        .map((value) => `<td>${value === undefined ? '–' : escapeHtml(String(value))}</td>`)
        .join('')}</tr>`,
  );
  return `<div class="scroll"><table><thead><tr><th>field</th>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}
