import type { MeasureName } from '../../../core/evaluate/measures.ts';
import { escapeHtml } from '../../../core/workbench/page/escape.ts';
import type { TestOutcome } from '../../../core/workbench/test.ts';
import { count, percent, plural } from '../../terminal/numbers.ts';
import { htmlTable, section } from './parts.ts';

const share = (value: number): string => percent(value);
const plain = (value: number): string => value.toFixed(3);

/** How each figure is called and told, and what it says; the order is that of the table. */
const told: readonly (readonly [MeasureName, string, (value: number) => string, string])[] = [
  ['accuracy', 'Accuracy', share, 'share of the answers that are right'],
  ['topAccuracy', 'Top accuracy', share, 'share of the pictures whose class is among the likeliest few'],
  [
    'balancedAccuracy',
    'Balanced accuracy',
    share,
    'mean over the classes of their recall, small classes counting like large ones',
  ],
  ['macroPrecision', 'Precision, macro', share, 'mean over the classes: of what is called so, the share that is'],
  ['macroRecall', 'Recall, macro', share, 'mean over the classes: of what is so, the share that is called so'],
  ['macroF1', 'F1, macro', share, 'mean over the classes of the harmonic mean of the two'],
  ['weightedF1', 'F1, weighted', share, 'the same, classes weighing as many pictures as they have'],
  ['logLoss', 'Log loss', plain, 'mean surprise at the truth; 0 is best'],
  ['brier', 'Brier score', plain, 'mean squared distance of the probabilities from the truth; 0 is best, 2 worst'],
  ['ece', 'Calibration error', share, 'mean gap between how sure answers are and how often they are right'],
  ['kappa', "Cohen's kappa", plain, 'agreement beyond chance; 1 is best, 0 is chance'],
  ['matthews', 'Matthews correlation', plain, 'the same idea, fair to classes of any size'],
  ['macroRocAuc', 'ROC AUC', plain, 'chance that a picture of a class is ranked above one that is not; 0.5 is chance'],
  ['macroAveragePrecision', 'Average precision', plain, 'mean precision over all thresholds; 1 is best'],
];

const reach = (interval: readonly [number, number] | undefined, format: (value: number) => string): string =>
  interval ? `${format(interval[0])} to ${format(interval[1])}` : '';

/** The four figures that a reader looks for first. */
export function keyFigures({ measures, intervals, accuracy, interval }: TestOutcome): string {
  const shown: [string, string, string][] = [
    ['Test accuracy', percent(accuracy, 2), reach(interval, share)],
    ...(['balancedAccuracy', 'macroF1', 'ece'] as const).flatMap((name): [string, string, string][] => {
      const value = measures[name];
      const row = told.find(([one]) => one === name)!;
      return value === undefined ? [] : [[row[1], row[2](value), reach(intervals[name], row[2])]];
    }),
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

export function figuresSection({ measures, intervals }: TestOutcome): string {
  const rows = told.flatMap(([name, title, format, words]) => {
    const value = measures[name];
    return value === undefined ? [] : [[title, format(value), reach(intervals[name], format), words]];
  });
  const intervalWords =
    Object.keys(intervals).length > 0
      ? ' The interval holds the true figure 95 times in 100: the pictures were drawn again with replacement, and the figures of those draws vary so much.'
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
    one.support > 0 ? reach(one.recallInterval, share) : '',
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
    reach(interval, share),
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
