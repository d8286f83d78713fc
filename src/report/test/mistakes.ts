import type { AnsweredPicture } from '../../core/evaluate/errors.ts';
import { escapeHtml } from '../../core/workbench/page/escape.ts';
import type { ReportContent } from '../../core/workbench/report.ts';
import { count, percent, plural } from '../numbers.ts';
import type { Plotter } from '../plot.ts';
import { bothWidths, gallery, pictureFigure, section } from './parts.ts';

/** Errors first: the surest mistakes and the pictures that surprised most. */
export function mistakesSection({ test, pictures }: ReportContent): string {
  const { errors, classes } = test;
  const name = (label: number): string => classes[label].class;
  const figure = (one: AnsweredPicture): string =>
    pictureFigure(pictures, {
      origin: one.origin,
      truth: name(one.label),
      said: `${name(one.predicted)} ${percent(one.probability)}`,
      detail: `is ${name(one.label)} (${percent(one.truth)})`,
    });
  if (errors.count === 0) return section('mistakes', 'Mistakes', 'There is none.', '');
  const words = `${plural(errors.count, 'picture')} of ${count(test.images)} were classified wrongly. Bold: what was said, and how surely; below it what the label says. A label may be wrong too: <code>fovea data fix</code> changes it without touching the file.`;
  return section(
    'mistakes',
    'Mistakes',
    words,
    `<h3>The surest mistakes</h3>${gallery(errors.surestMistakes.map(figure))}
<h3>The highest losses</h3><p>Where the true class was given the least probability.</p>${gallery(errors.highestLosses.map(figure))}`,
  );
}

/** A matrix is shown of so many classes at most. */
const mostShown = 30;

export function confusionSection(content: ReportContent, plotter: Plotter): string {
  const { test, pictures } = content;
  const { confusion, classes, errors } = test;
  const mistakes = classes.map((_, c) =>
    confusion.reduce((sum, row, label) => sum + (label === c ? row.reduce((a, b) => a + b, 0) - row[c] : row[c]), 0),
  );
  const order = classes.map((_, c) => c);
  const shown =
    classes.length <= mostShown
      ? order
      : [...order]
          .sort((a, b) => mistakes[b] - mistakes[a])
          .slice(0, mostShown)
          .sort((a, b) => a - b);
  const partly = shown.length < classes.length ? ` The ${shown.length} classes with the most mistakes are shown.` : '';
  const pairs = errors.confused.map(({ label, predicted, count: times, share, pictures: own }) => {
    const figures = own.map((one) =>
      pictureFigure(pictures, {
        origin: one.origin,
        truth: classes[label].class,
        said: percent(one.probability),
        detail: `true class ${percent(one.truth)}`,
      }),
    );
    return `<details><summary><b>${escapeHtml(classes[label].class)}</b> taken for <b>${escapeHtml(classes[predicted].class)}</b>: ${count(times)} (${percent(share)})</summary>${gallery(figures)}</details>`;
  });
  const heading =
    pairs.length === 0
      ? ''
      : '<h3>Each cell with its pictures</h3><p>The most frequent first, with its share of the class; open one to look.</p>';
  return section(
    'confusion',
    'Confusion matrix',
    `A row for each true class, a column for what was said. The stronger a cell, the larger its share of the row.${partly}`,
    `${bothWidths((width) => matrixChart(plotter, content, shown, width), true)}${heading}<div class="cells">${pairs.join('')}</div>`,
  );
}

function matrixChart(
  { Plot, draw }: Plotter,
  { test }: ReportContent,
  shown: readonly number[],
  width: number,
): string {
  const { confusion, classes } = test;
  // Classes may share a name once it is cut short: places tell them apart.
  const short = (c: number): string => {
    const name = [...classes[c].class];
    const most = width > 500 ? 14 : 9;
    return name.length > most ? `${name.slice(0, most - 1).join('')}…` : name.join('');
  };
  const cells = shown.flatMap((label) => {
    const all = Math.max(
      1,
      confusion[label].reduce((sum, count) => sum + count, 0),
    );
    return shown.map((predicted) => ({
      label,
      predicted,
      count: confusion[label][predicted],
      share: confusion[label][predicted] / all,
      right: label === predicted,
    }));
  });
  const longest = Math.max(...shown.map((c) => [...short(c)].length));
  const marginLeft = 16 + 6.6 * longest;
  const cell = Math.min(56, (width - marginLeft - 16) / shown.length);
  const seen = cells.filter(({ count }) => count > 0);
  const size = Math.max(7, Math.min(12, cell / 2.6));
  return draw('Confusion matrix; the numbers stand in the cells, and the largest below', {
    width: Math.round(marginLeft + cell * shown.length + 16),
    height: Math.round(cell * shown.length + 24 + 6.6 * longest),
    marginLeft,
    marginRight: 16,
    marginTop: 8,
    marginBottom: 16 + 6.6 * longest,
    x: { domain: [...shown], tickFormat: short as never, tickRotate: -90, label: null, tickSize: 0 },
    y: { domain: [...shown], tickFormat: short as never, label: null, tickSize: 0 },
    marks: [
      Plot.cell(cells, { x: 'predicted', y: 'label', fill: 'currentColor', fillOpacity: 0.04, inset: 0.5 }),
      Plot.cell(seen, {
        x: 'predicted',
        y: 'label',
        fill: ({ right }: { right: boolean }) => (right ? 'var(--train)' : 'var(--val)'),
        fillOpacity: ({ share, right }: { share: number; right: boolean }) =>
          right ? 0.1 + 0.5 * share : 0.12 + 0.88 * Math.sqrt(share),
        inset: 0.5,
      }),
      ...(cell >= 18
        ? [
            Plot.text(seen, {
              x: 'predicted',
              y: 'label',
              text: ({ count }: { count: number }) => String(count),
              fill: 'currentColor',
              fontSize: size,
            }),
          ]
        : []),
    ],
  });
}
