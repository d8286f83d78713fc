import type { ReliabilityBin } from '../../core/evaluate/reliability.ts';
import { escapeHtml } from '../../core/workbench/page/escape.ts';
import type { TestOutcome } from '../../core/workbench/test.ts';
import { count, percent } from '../numbers.ts';
import type { Plotter } from '../plot.ts';
import { bothWidths, htmlTable, section } from './parts.ts';

const asPercent = (value: number): string => `${Math.round(value * 100)} %`;

/** Whether the temperature changes anything that is seen. */
const isTempered = (temperature: number): boolean => Math.abs(temperature - 1) >= 0.005;

/** Whether the model knows how sure it may be, and what it brings to answer only where it is sure. */
export function surenessSection(test: TestOutcome, plotter: Plotter): string {
  const { calibration, reliability, rejection, accuracy, coverage, areaUnderRisk, testTimeAugmentation } = test;
  const { temperature, ece } = calibration;
  const filled = reliability.filter(({ count }) => count > 0);
  const all = filled.reduce((sum, { count }) => sum + count, 0);
  const sure = filled.reduce((sum, { count, confidence = 0 }) => sum + (count / all) * confidence, 0);
  const tempered =
    temperature === 1
      ? 'Probabilities are the bare softmax: the temperature is 1.'
      : !isTempered(temperature)
        ? 'A temperature fitted on validation pictures is 1.00: the bare softmax is as sure as it may be.'
        : `Logits are divided by the temperature ${temperature.toFixed(3)}, fitted on validation pictures: the calibration error is ${percent(ece.before, 2)} without it and ${percent(ece.after, 2)} with it. No prediction changes.`;
  const views = testTimeAugmentation
    ? 'Each answer is the mean over a picture and its mirror image (test-time augmentation). '
    : '';
  const words = `On average answers are given with ${percent(sure)}, and ${percent(accuracy)} of them are right. ${views}${tempered}`;
  return section(
    'sureness',
    'How sure it is',
    escapeHtml(words),
    `<h3>Reliability</h3><p>Answers by how sure they are: on the line they are right as often as they say, below it they are too sure. The larger the dot, the more answers${isTempered(temperature) ? '; the thin ring is without the temperature' : ''}.</p>${bothWidths((width) => reliabilityChart(plotter, test, width), true)}
<h3>Answering only when sure</h3><p>${escapeHtml(coverageWords(test))} Mean share of wrong answers over all coverages: ${percent(areaUnderRisk, 2)}.</p>${coverage.length > 1 ? bothWidths((width) => coverageChart(plotter, test, width)) : ''}
${rejection ? `<p>${escapeHtml(rejectionWords(rejection, test.images))}</p>` : `<p>No threshold for "unknown" is set: <code>fovea calibrate ${escapeHtml(test.run)} --coverage 0.95</code> sets one on validation pictures.</p>`}`,
  );
}

function coverageWords({ coverage, accuracy }: TestOutcome): string {
  const at = (share: number) => coverage.find((point) => point.coverage >= share);
  const told = [0.5, 0.8, 0.9, 0.95].flatMap((share) => {
    const point = at(share);
    return point && point.coverage < 1 ? [`${percent(point.accuracy)} at ${percent(point.coverage, 0)}`] : [];
  });
  return `Answering everything, ${percent(accuracy)} are right${told.length > 0 ? `; of the surest, ${told.join(', ')}` : ''}.`;
}

function rejectionWords(rejection: NonNullable<TestOutcome['rejection']>, images: number): string {
  const { threshold, rule, coverage, accuracy, answered, interval } = rejection;
  const asked =
    'coverage' in rule
      ? `to answer ${percent(rule.coverage)}`
      : `to have at most ${percent(rule.maxError)} of the answers wrong`;
  return `Answers below ${percent(threshold)} are called unknown, chosen on validation pictures ${asked}. On the test pictures ${answered} of ${images} are answered (${percent(coverage)}), and ${percent(accuracy)} of those are right (95 %: ${percent(interval[0])} to ${percent(interval[1])}).`;
}

function reliabilityChart({ Plot, draw }: Plotter, { reliability, calibration }: TestOutcome, width: number): string {
  const side = Math.min(width, 460);
  const filled = (bins: readonly ReliabilityBin[]): ReliabilityBin[] => bins.filter(({ count }) => count > 0);
  const most = Math.max(...reliability.map(({ count }) => count));
  const radius = ({ count }: ReliabilityBin): number => 3 + 9 * Math.sqrt(count / most);
  return draw('Reliability: share of right answers by how sure they are', {
    width: side,
    height: side,
    marginLeft: 44,
    marginBottom: 40,
    x: { domain: [0, 1], label: 'how sure', tickFormat: asPercent, ticks: 5, grid: true },
    y: { domain: [0, 1], label: 'how often right', tickFormat: asPercent, ticks: 5, grid: true },
    marks: [
      Plot.line([0, 1], {
        x: (d: number) => d,
        y: (d: number) => d,
        stroke: 'currentColor',
        strokeOpacity: 0.5,
        strokeDasharray: '4 4',
      }),
      ...(!isTempered(calibration.temperature)
        ? []
        : [
            Plot.dot(filled(calibration.reliabilityBefore), {
              x: 'confidence',
              y: 'accuracy',
              r: radius,
              stroke: 'currentColor',
              strokeOpacity: 0.55,
            }),
          ]),
      Plot.link(filled(reliability), {
        x1: 'confidence',
        x2: 'confidence',
        y1: 'confidence',
        y2: 'accuracy',
        stroke: 'var(--val)',
        strokeWidth: 1.5,
      }),
      Plot.dot(filled(reliability), {
        x: 'confidence',
        y: 'accuracy',
        r: radius,
        fill: 'var(--train)',
        fillOpacity: 0.75,
      }),
    ],
    r: { type: 'identity' },
  });
}

function coverageChart({ Plot, draw }: Plotter, { coverage, rejection }: TestOutcome, width: number): string {
  const low = Math.min(...coverage.map(({ interval }) => interval[0]).filter((_, i) => coverage[i].coverage > 0.1), 1);
  return draw('Accuracy over the share of pictures that is answered, the surest first', {
    width,
    height: width > 500 ? 280 : 220,
    marginLeft: 52,
    marginBottom: 40,
    x: { domain: [0, 1], label: 'share answered', tickFormat: asPercent, ticks: width > 500 ? 10 : 5 },
    y: {
      domain: [Math.max(0, low - 0.01), 1],
      label: 'share right',
      tickFormat: (v: number) => percent(v),
      ticks: 5,
      grid: true,
      clamp: true,
    },
    marks: [
      Plot.areaY(coverage, {
        x: 'coverage',
        y1: ({ interval }: { interval: readonly number[] }) => interval[0],
        y2: ({ interval }: { interval: readonly number[] }) => interval[1],
        fill: 'var(--train)',
        fillOpacity: 0.18,
      }),
      Plot.line(coverage, { x: 'coverage', y: 'accuracy', stroke: 'var(--train)', strokeWidth: 1.8 }),
      ...(rejection
        ? [
            Plot.ruleX([rejection.coverage], { stroke: 'var(--val)', strokeWidth: 1.5 }),
            Plot.dot([rejection], { x: 'coverage', y: 'accuracy', fill: 'var(--val)', r: 5 }),
          ]
        : []),
    ],
  });
}

export function foreignSection({ foreign }: TestOutcome, plotter: Plotter): string {
  if (!foreign) return '';
  const { auroc, interval, images, falseAlarms, scores, name } = foreign;
  const words = `${count(images)} pictures of '${name}' are none of the classes. By the score '${scores[0].name}' a test picture stands above a foreign one ${percent(auroc, 2)} of the times (AUROC ${auroc.toFixed(4)}, 95 %: ${interval[0].toFixed(4)} to ${interval[1].toFixed(4)}; 0.5 is chance). Where 95 % of the test pictures pass, ${percent(falseAlarms)} of the foreign ones pass too.`;
  const rows = scores.map((one) => [escapeHtml(one.name), one.auroc.toFixed(4), escapeHtml(one.doc)]);
  const heads = [{ title: 'score' }, { title: 'AUROC', number: true }, { title: 'what it is' }];
  return section(
    'foreign',
    'Pictures of another kind',
    escapeHtml(words),
    bothWidths((width) =>
      plotter.draw('Shares of test pictures and of foreign pictures by score', {
        width,
        height: 240,
        marginLeft: 52,
        marginBottom: 40,
        x: { label: `score: ${scores[0].name}` },
        y: { label: 'share of the pictures', tickFormat: (v: number) => percent(v, 0), ticks: 5, grid: true },
        marks: [
          plotter.Plot.rectY(foreign.histogram, {
            x1: 'low',
            x2: 'high',
            y: 'known',
            fill: 'var(--train)',
            fillOpacity: 0.65,
          }),
          plotter.Plot.rectY(foreign.histogram, {
            x1: 'low',
            x2: 'high',
            y: 'foreign',
            fill: 'var(--val)',
            fillOpacity: 0.55,
          }),
        ],
      }),
    ).concat(`<p class="rest">Blue: test pictures. Orange: foreign ones.</p>${htmlTable(heads, rows)}`),
  );
}
