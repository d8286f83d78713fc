import type { MeasureName } from '../../core/evaluate/measures.ts';
import { escapeHtml } from '../../core/workbench/page/escape.ts';
import type { TestOutcome } from '../../core/workbench/test.ts';
import { plain, share, toldMeasures } from '../measure-words.ts';
import { count, percent, plural } from '../numbers.ts';
import { htmlTable, section } from './parts.ts';

/** The four figures that a reader looks for first. */
export function keyFigures(test: TestOutcome): string {
  const first: readonly MeasureName[] = ['balancedAccuracy', 'macroF1', 'ece'];
  const shown = [
    ['Test accuracy', percent(test.accuracy, 2), test.interval.map(share).join(' to ')],
    ...toldMeasures(test)
      .filter(({ name }) => first.includes(name))
      .map(({ title, value, interval }) => [title, value, interval]),
  ];
  return `<dl class="key-figures">${shown
    .map(
      ([title, value, between]) =>
        `<div><dt>${title}</dt><dd>${value}</dd><dd class="between">${between === '' ? '' : `95 %: ${between}`}</dd></div>`,
    )
    .join('')}</dl>`;
}

/** What a person says who tells of it. */
export function verdict({ accuracy, interval, images, errors, classes, look }: TestOutcome): string {
  const worst = [...classes].filter(({ support }) => support > 0).sort((a, b) => a.recall - b.recall)[0];
  const [pair] = errors.confused;
  const sentences = [
    `${percent(accuracy, 2)} of ${plural(images, 'test picture')} were classified rightly; between ${percent(interval[0])} and ${percent(interval[1])} is likely on others of the same kind (95 %).`,
    errors.count === 0 ? 'There was no mistake.' : `${plural(errors.count, 'mistake')} in all.`,
    worst && worst.recall < 1
      ? `${worst.class} is found least often (${percent(worst.recall)} of ${count(worst.support)}).`
      : '',
    pair
      ? `Most often ${classes[pair.label].class} is taken for ${classes[pair.predicted].class} (${pair.count === 1 ? 'once' : `${pair.count} times`}).`
      : '',
    look.number > 1
      ? `This was look number ${look.number} at these test pictures: the more looks a choice is made by, the less a test says.`
      : 'This was the first look at these test pictures.',
  ];
  return sentences
    .filter((text) => text !== '')
    .map(escapeHtml)
    .join(' ');
}

export function figuresSection(test: TestOutcome): string {
  const { intervals } = test;
  const rows = toldMeasures(test).map(({ title, value, interval, says }) => [title, value, interval, says]);
  const intervalWords =
    Object.keys(intervals).length > 0
      ? ' The interval holds the true figure 95 times in 100: the pictures were drawn again with replacement, and the figures of those draws vary so much; that of the accuracy is Wilson’s.'
      : '';
  return section(
    'figures',
    'Figures',
    `What one number can say.${intervalWords}`,
    htmlTable(
      [
        { title: 'figure' },
        { title: 'value', number: true },
        { title: '95 % interval', number: true },
        { title: 'what it says' },
      ],
      rows,
    ),
  );
}

export function classesSection({ classes }: TestOutcome): string {
  const worst = [...classes].sort((a, b) => a.recall - b.recall);
  const rows = worst.map((one) => [
    escapeHtml(one.class),
    count(one.support),
    percent(one.recall),
    one.support > 0 ? one.recallInterval.map(share).join(' to ') : '',
    percent(one.precision),
    percent(one.f1),
    one.rocAuc === undefined ? '' : plain(one.rocAuc),
  ]);
  const number = true;
  return section(
    'classes',
    'Classes',
    'The least often found first. Recall: of the pictures of a class, the share called so. Precision: of the pictures called so, the share that are.',
    htmlTable(
      [
        { title: 'class' },
        { title: 'pictures', number },
        { title: 'recall', number },
        { title: 'its 95 % interval', number },
        { title: 'precision', number },
        { title: 'F1', number },
        { title: 'ROC AUC', number },
      ],
      rows,
    ),
  );
}

export function slicesSection({ slices, accuracy }: TestOutcome): string {
  if (slices.length === 0) return '';
  const shown = slices.slice(0, 40);
  const real = slices.filter((one) => one.real && one.difference < 0);
  const words = `Pictures that are alike in one thing, the surely worst first (by the upper end of the interval). Over all, ${percent(accuracy)} are right. ${
    real.length === 0
      ? 'No slice is worse than the rest by more than chance.'
      : `Worse than the rest by more than chance: ${real
          .slice(0, 6)
          .map(({ by, value }) => `${by} ${value}`)
          .join('; ')}${real.length > 6 ? ', and more' : ''}.`
  }`;
  const rows = shown.map(({ by, value, images, accuracy: own, interval, difference, p, real: isReal }) => [
    escapeHtml(by),
    escapeHtml(value),
    count(images),
    percent(own),
    interval.map(share).join(' to '),
    `${difference > 0 ? '+' : ''}${(100 * difference).toFixed(1)}`,
    isReal ? `<b>${p < 0.001 ? 'below 0.001' : p.toFixed(3)}</b>` : p.toFixed(2),
  ]);
  const number = true;
  return section(
    'slices',
    'Slices',
    escapeHtml(words),
    htmlTable(
      [
        { title: 'by' },
        { title: 'value' },
        { title: 'pictures', number },
        { title: 'accuracy', number },
        { title: '95 % interval', number },
        { title: 'points from the rest', number },
        { title: 'p (Holm)', number },
      ],
      rows,
    ) +
      (slices.length > shown.length
        ? `<p class="rest">The first ${shown.length} of ${slices.length} are shown.</p>`
        : ''),
  );
}
