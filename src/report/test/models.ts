import type { RobustnessCurve } from '../../core/evaluate/robustness.ts';
import { escapeHtml } from '../../core/workbench/page/escape.ts';
import type { ReportContent } from '../../core/workbench/report.ts';
import type { DividedPicture, TestOutcome } from '../../core/workbench/test.ts';
import { count, percent } from '../numbers.ts';
import { type Plotter, spreadLabels } from '../plot.ts';
import { gallery, htmlTable, pictureFigure, section } from './parts.ts';

const letterOf = (i: number): string => String.fromCharCode(65 + i);
const dashes = ['none', '6 3', '2 3', '8 3 2 3'];

/** The models by letter: they are called so in charts. */
export function modelsTable({ run, model, parameters, accuracy, interval, others }: TestOutcome): string {
  const rows = [{ run, model, parameters, accuracy, interval }, ...others].map((one, i) => [
    `<b>${letterOf(i)}</b>`,
    escapeHtml(one.run),
    escapeHtml(one.model),
    count(one.parameters),
    percent(one.accuracy, 2),
    `${percent(one.interval[0])} to ${percent(one.interval[1])}`,
  ]);
  const number = true;
  return htmlTable(
    [
      { title: '' },
      { title: 'run' },
      { title: 'model' },
      { title: 'parameters', number },
      { title: 'accuracy', number },
      { title: '95 % interval', number },
    ],
    rows,
  );
}

export function comparisonSection({ test, pictures }: ReportContent): string {
  if (test.others.length === 0) return '';
  const body = test.others.map(({ comparison }, i) => {
    const letter = letterOf(i + 1);
    const { difference, interval, onlyFirst, onlySecond, both, neither, midP } = comparison;
    const figures = (list: readonly DividedPicture[]): string =>
      gallery(
        list.slice(0, 24).map((one) =>
          pictureFigure(pictures, {
            origin: one.origin,
            truth: test.classes[one.label].class,
            said: `not ${one.wrong}`,
            detail: `is ${test.classes[one.label].class}; the other said so with ${percent(one.probability)}`,
          }),
        ),
      );
    const points = (value: number): string => `${value > 0 ? '+' : ''}${(100 * value).toFixed(2)}`;
    const verdict =
      midP < 0.05 ? `${difference > 0 ? letter : 'A'} is better by more than chance` : 'the difference may be chance';
    return `<h3>A and ${letter}</h3><p>${letter} has ${points(difference)} points of accuracy to A (95 %: ${points(interval[0])} to ${points(interval[1])}). Both are right on ${count(both)} pictures, neither on ${count(neither)}, only A on ${count(onlyFirst)}, only ${letter} on ${count(onlySecond)}. McNemar's test: p ${midP < 0.001 ? 'below 0.001' : midP.toFixed(3)} (mid-p), so ${verdict}.</p>
<details><summary>Only A is right: ${count(onlyFirst)}</summary>${figures(comparison.onlyFirstPictures)}</details>
<details><summary>Only ${letter} is right: ${count(onlySecond)}</summary>${figures(comparison.onlySecondPictures)}</details>`;
  });
  return section('comparison', 'Compared on the same pictures', '', modelsTable(test) + body.join('\n'));
}

export function robustnessSection({ robustness, ...test }: TestOutcome, plotter: Plotter): string {
  if (!robustness || robustness.length === 0) return '';
  const several = robustness.length > 1;
  const [{ curves }] = robustness;
  const charts = curves.map((curve, i) => {
    const all = robustness.map(({ curves: own }) => own[i]);
    return `<figure><figcaption><b>${escapeHtml(curve.name)}</b> <span>${escapeHtml(curve.doc)}</span></figcaption>${robustnessChart(plotter, all)}</figure>`;
  });
  const rows = robustness.flatMap(({ curves: own }, m) =>
    own.map((curve) => {
      const worst = curve.points.reduce((a, b) => (b.accuracy < a.accuracy ? b : a));
      return [
        ...(several ? [`<b>${letterOf(m)}</b>`] : []),
        escapeHtml(curve.name),
        `${worst.level} <span class="rest">${escapeHtml(curve.unit)}</span>`,
        percent(worst.accuracy),
        `${percent(worst.interval[0])} to ${percent(worst.interval[1])}`,
        percent(worst.agreement),
      ];
    }),
  );
  const number = true;
  const heads = [
    ...(several ? [{ title: '' }] : []),
    { title: 'disturbance' },
    { title: 'at its worst' },
    { title: 'accuracy', number },
    { title: '95 % interval', number },
    { title: 'agreement', number },
  ];
  const key = several
    ? ` ${robustness.map(({ run }, i) => `${letterOf(i)} (${['whole', 'dashed', 'dotted', 'dash and dot'][i % 4]} line): ${run}`).join('; ')}.`
    : '';
  const images = curves[0]?.images ?? test.images;
  return section(
    'robustness',
    'Disturbed pictures',
    escapeHtml(
      `${count(images)} test pictures, disturbed at the size that the model sees. Blue: share right, with its 95 % interval. Orange: share of answers that stay as they were, right or wrong.${key}`,
    ),
    `${several ? modelsTable({ robustness, ...test }) : ''}<div class="charts">${charts.join('')}</div><h3>In numbers</h3>${htmlTable(heads, rows)}`,
  );
}

/** Levels that have room for their names on the axis; the first and the last of all. */
function apart(levels: readonly number[]): number[] {
  const [first, last] = [levels[0], levels[levels.length - 1]];
  const room = Math.abs(last - first) / 9;
  const kept = [first];
  for (const level of levels.slice(1, -1)) {
    const far = Math.abs(level - kept[kept.length - 1]) >= room && Math.abs(last - level) >= room;
    if (far) kept.push(level);
  }
  return [...kept, last];
}

function robustnessChart({ Plot, draw }: Plotter, curves: readonly RobustnessCurve[]): string {
  const [{ name, unit, points }] = curves;
  const reversed = name === 'jpeg';
  const ticks = apart(points.map(({ level }) => level));
  const last = (curve: RobustnessCurve) => [curve.points[curve.points.length - 1]];
  const [height, marginTop, marginBottom] = [200, 20, 36];
  const room = height - marginTop - marginBottom;
  const ends = curves.map((curve) => room * (1 - last(curve)[0].accuracy));
  const apartEnds = spreadLabels(ends, 11, room);
  return draw(`Accuracy and agreement by ${name}; the worst stands in the table`, {
    width: 300,
    height,
    marginLeft: 40,
    marginTop,
    marginBottom,
    marginRight: curves.length > 1 ? 20 : 8,
    x: {
      label: unit,
      reverse: reversed,
      ticks,
      tickFormat: String,
    },
    y: { domain: [0, 1], label: null, tickFormat: (v: number) => `${Math.round(100 * v)} %`, ticks: 5, grid: true },
    marks: curves.flatMap((curve, i) => [
      Plot.areaY(curve.points, {
        x: 'level',
        y1: ({ interval }: { interval: readonly number[] }) => interval[0],
        y2: ({ interval }: { interval: readonly number[] }) => interval[1],
        fill: 'var(--train)',
        fillOpacity: 0.15,
      }),
      Plot.line(curve.points, {
        x: 'level',
        y: 'agreement',
        stroke: 'var(--val)',
        strokeWidth: 1.4,
        strokeDasharray: dashes[i % 4],
      }),
      Plot.line(curve.points, {
        x: 'level',
        y: 'accuracy',
        stroke: 'var(--train)',
        strokeWidth: 1.8,
        strokeDasharray: dashes[i % 4],
      }),
      ...(curves.length > 1
        ? [
            Plot.text(last(curve), {
              x: 'level',
              y: 'accuracy',
              text: () => letterOf(i),
              dx: 10,
              dy: apartEnds[i] - ends[i],
              fill: 'currentColor',
              fontWeight: 600,
            }),
          ]
        : []),
    ]),
  });
}
