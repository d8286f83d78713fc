import { escapeHtml } from '../../core/workbench/page/escape.ts';
import type { SweepOutcome, SweptSetting } from '../../core/workbench/sweep.ts';
import { chartStyle, page } from '../../report/chart-style.ts';
import { chartWidths } from '../../report/curves.ts';
import { loadPlotter, type Plotter } from '../../report/plot.ts';
import { loss, percent } from '../terminal/numbers.ts';

/** An axis of the picture: a field or the metric, with the place 0 … 1 (bottom to top) of each setting. */
interface Axis {
  readonly name: string;
  readonly places: readonly number[];
  /** What stands beside the axis. */
  readonly marks: readonly { readonly place: number; readonly text: string }[];
}

/** One page: the best setting in words, all as parallel coordinates, all as a table. */
export async function sweepPage(outcome: SweepOutcome): Promise<string> {
  const plotter = await loadPlotter();
  const { settings, plan, sweep } = outcome;
  const known = settings.filter(({ mean }) => mean !== undefined);
  const [best] = known;
  const number = (value: number): string => (plan.metric === 'valLoss' ? loss(value) : percent(value, 2));
  const words = best
    ? `<p><b>${escapeHtml(best.id)}</b> did best of ${settings.length}: ${escapeHtml(valuesText(best))}; ${plan.metric} ${number(best.mean as number)}${plan.seeds > 1 ? ` on average over ${plan.seeds} seeds` : ''}.</p><p>It was chosen by its val pictures, so its numbers flatter a little; fovea runs compare tells whether it is better than the next.</p>`
    : '<p>No run has come to a result.</p>';
  const axes = axesOf(outcome, known, number);
  const label = `Settings as lines over the fields of the sweep, at the right their ${plan.metric}; the numbers stand in the table`;
  const pictures = Object.entries(chartWidths)
    .map(([name, width]) => `<div class="chart ${name}">${drawLines(plotter, label, axes, known, width)}</div>`)
    .join('');
  const up = plan.metric === 'valLoss' ? 'the lowest at the top' : 'the highest at the top';
  const body = `<div class="verdict">${words}</div>
<section><h2>Settings</h2><p class="key">A line is a setting; the rightmost axis is ${plan.metric}, ${up}. The best one is drawn bold, the better half in colour.${outcome.rungs.length > 1 ? ' Settings that did not go on were trained for fewer epochs.' : ''}</p>${known.length > 0 ? pictures : ''}</section>
<section><h2>All settings</h2>${table(outcome, number)}</section>`;
  return page('fovea sweep', escapeHtml(sweep), chartStyle, body);
}

function axesOf({ plan }: SweepOutcome, known: readonly SweptSetting[], number: (value: number) => string): Axis[] {
  const fields = plan.dimensions.map((dimension): Axis => {
    const { field } = dimension;
    const values = known.map(({ values: of }) => of[field]);
    const numbers = values.every((value) => typeof value === 'number') ? (values as number[]) : undefined;
    if (numbers && new Set(numbers).size > 1) {
      const log = Math.min(...numbers) > 0 && Math.max(...numbers) / Math.min(...numbers) > 10;
      return { name: field, ...scaled(numbers, log ? Math.log : (x) => x, (x) => String(x)) };
    }
    const names = [...new Set(values.map(text))];
    const place = (name: string): number => (names.length === 1 ? 0.5 : names.indexOf(name) / (names.length - 1));
    return {
      name: field,
      places: values.map((value) => place(text(value))),
      marks: names.map((name) => ({ place: place(name), text: name })),
    };
  });
  const sign = plan.metric === 'valLoss' ? -1 : 1;
  const means = known.map(({ mean }) => mean as number);
  return [...fields, { name: plan.metric, ...scaled(means, (x) => sign * x, number) }];
}

function scaled(
  numbers: readonly number[],
  scale: (x: number) => number,
  write: (x: number) => string,
): Pick<Axis, 'places' | 'marks'> {
  const at = numbers.map(scale);
  const [low, high] = [Math.min(...at), Math.max(...at)];
  const place = (x: number): number => (high === low ? 0.5 : (scale(x) - low) / (high - low));
  const distinct = [...new Set(numbers)].sort((a, b) => a - b);
  const marked = distinct.length <= 6 ? distinct : [distinct[0], distinct[distinct.length - 1]];
  return { places: numbers.map(place), marks: marked.map((x) => ({ place: place(x), text: write(x) })) };
}

function drawLines(
  { Plot, draw }: Plotter,
  label: string,
  axes: readonly Axis[],
  known: readonly SweptSetting[],
  width: number,
): string {
  // The worst first, so that the better ones lie over them.
  const lines = known
    .map((_, i) => known.length - 1 - i)
    .map((i) =>
      Plot.line(
        axes.map((axis, x) => ({ x, y: axis.places[i] })),
        {
          x: 'x',
          y: 'y',
          stroke: i < known.length / 2 ? 'var(--val)' : 'var(--soft)',
          strokeWidth: i === 0 ? 3.5 : 1.3,
          strokeOpacity: i === 0 ? 1 : i < known.length / 2 ? 0.6 : 0.35,
          curve: 'bump-x',
        },
      ),
    );
  const marks = axes.flatMap(({ marks: own }, x) => own.map((mark) => ({ ...mark, x })));
  const narrow = width < 500;
  const short = (words: string): string => (words.length > 16 ? `${words.slice(0, 15)}…` : words);
  return draw(label, {
    width,
    height: narrow ? 400 : 420,
    ...{ marginLeft: 24, marginRight: 76, marginTop: narrow ? 48 : 34, marginBottom: 20 },
    x: { domain: [0, Math.max(1, axes.length - 1)], axis: null },
    y: { domain: [0, 1], axis: null },
    marks: [
      Plot.ruleX(
        axes.map((_, x) => x),
        { stroke: 'currentColor', strokeOpacity: 0.35 },
      ),
      ...lines,
      Plot.text(marks, {
        x: 'x',
        y: 'place',
        text: ({ text: words }: { text: string }) => short(words),
        textAnchor: 'start',
        dx: 6,
        fontSize: 11,
        fill: 'currentColor',
        stroke: 'var(--card)',
        strokeWidth: 4,
        paintOrder: 'stroke',
      }),
      ...axes.map(({ name }, x) =>
        Plot.text([0], {
          x: () => x,
          y: 1,
          text: () => short(name.split('.').at(-1) as string),
          textAnchor: 'middle',
          // Names of neighbours would run into each other on a phone.
          dy: narrow && x % 2 === 1 ? -33 : -18,
          fontWeight: 600,
          fontSize: narrow ? 11 : 12,
          fill: 'currentColor',
        }),
      ),
    ],
  });
}

const text = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

const valuesText = ({ values }: SweptSetting): string =>
  Object.entries(values)
    .map(([field, value]) => `${field} ${text(value)}`)
    .join(', ');

function table({ settings, plan }: SweepOutcome, number: (value: number) => string): string {
  const fields = plan.dimensions.map(({ field }) => field);
  const heads = ['setting', ...fields].map((head) => `<th>${escapeHtml(head)}</th>`).join('');
  const numbers = ['epochs', plan.metric, ...(plan.seeds > 1 ? ['sd over seeds'] : [])]
    .map((head) => `<th class="number">${head}</th>`)
    .join('');
  const rows = settings.map(({ id, values, trials, mean, deviation }, i) => {
    const failed = trials.some(({ status }) => status === 'failed');
    const cells = [
      String(Math.max(...trials.map(({ epochs }) => epochs))),
      mean === undefined ? (failed ? 'failed' : '–') : number(mean),
      ...(plan.seeds > 1 ? [number(deviation)] : []),
    ];
    return `<tr${i === 0 ? ' class="best"' : ''}><td>${id}</td>${fields
      .map((field) => `<td>${escapeHtml(text(values[field]))}</td>`)
      .join('')}${cells.map((one) => `<td class="number">${one}</td>`).join('')}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr>${heads}${numbers}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}
