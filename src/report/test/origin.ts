import type { EpochRecord } from '../../core/train/history.ts';
import { escapeCommand, escapeHtml, escapePath } from '../../core/workbench/page/escape.ts';
import type { ReportContent } from '../../core/workbench/report.ts';
import { type Curve, curvesChart } from '../curves.ts';
import { amount, count, loss, percent, plural } from '../numbers.ts';
import type { Plotter } from '../plot.ts';
import { settingText } from '../setting-text.ts';
import { htmlTable, section } from './parts.ts';

/** Writes a text as one word of a command line. */
export type Quote = (text: string) => string;

/** Curves of the training, and what they say. */
export function trainingSection({ history, diagnosis, run }: ReportContent, plotter: Plotter, quote: Quote): string {
  if (history.length === 0) return '';
  const best = run?.best;
  const words = best
    ? `${plural(history.length, 'epoch')}; the weights of epoch ${best.epoch} were kept: val loss ${loss(best.valLoss)}, val accuracy ${percent(best.valAccuracy, 2)}, train loss ${loss(best.trainLoss ?? best.loss)}.`
    : plural(history.length, 'epoch');
  // Older runs did not measure training pictures as validation pictures are.
  const alike = history.every(({ trainLoss }) => trainLoss !== undefined);
  const trained = alike
    ? 'Train is measured as val is, on training pictures with the weights at the epoch’s end: the gap between them is what does not carry over to new pictures.'
    : 'Train is as the epoch met its pictures, augmentation and dropout included.';
  const chart = (title: string, train: keyof EpochRecord, val: keyof EpochRecord, percents = false): string => {
    const valuesOf = (key: keyof EpochRecord) => history.map((record) => record[key] ?? Number.NaN);
    const curves: Curve[] = [
      { name: 'train', ink: 'train', values: valuesOf(train) },
      { name: 'val', ink: 'val', values: valuesOf(val), best: best?.epoch },
    ];
    const label = `${title} of train and val over the epochs; the numbers of the best epoch stand above`;
    return `<h3>${title}</h3>${curvesChart(plotter, label, curves, percents)}`;
  };
  const found = diagnosis.map(({ severity, words: said, next }) => {
    const kind = severity === 'problem' ? 'error' : severity;
    const line = ['npx fovea', ...next.command.map(quote)].join(' ');
    const command = next.command.length > 0 ? `<p><code>${escapeCommand(line)}</code></p>` : '';
    return `<div class="verdict"><p>${escapeHtml(said)} <span class="mark ${kind}">${escapeHtml(severity)}</span></p><p>${escapeHtml(next.words)}</p>${command}</div>`;
  });
  return section(
    'training',
    'Training',
    escapeHtml(words),
    `${found.join('')}<p class="rest">${trained} The dot marks the epoch whose weights were kept.</p>
${chart('Loss', alike ? 'trainLoss' : 'loss', 'valLoss')}
${chart('Accuracy', alike ? 'trainAccuracy' : 'accuracy', 'valAccuracy', true)}`,
  );
}

export function modelSection({ model, test }: ReportContent): string {
  const [height, width, channels] = model.spec.input;
  const words = `${model.name}: input ${height}x${width}x${channels}, ${plural(model.spec.layers.length, 'layer')}, ${count(test.parameters)} parameters, ${amount(model.macs)} multiply-adds a picture.`;
  return section('model', 'Model', escapeHtml(words), `<div class="graph" tabindex="0">${model.svg}</div>`);
}

export function dataSection({ run, test, findings }: ReportContent, quote: Quote): string {
  const facts: [string, string][] = [
    [
      'Test pictures',
      `${count(test.images)} in ${plural(test.classes.length, 'class', 'classes')}, from ${escapePath(test.data)}`,
    ],
    ['Their hash', escapeHtml(test.testHash)],
    ['Split', test.split === undefined ? 'the parts that the data have themselves' : escapeHtml(test.split)],
    ...(run
      ? ([
          [
            'Trained on',
            `${escapePath(run.data.source)} (${count(run.data.images.train)} train, ${count(run.data.images.val)} val)`,
          ],
          ['Hash of train', escapeHtml(run.data.train)],
          ['Hash of val', escapeHtml(run.data.val)],
          [
            'Left out',
            `${plural(run.data.skipped, 'file')} that could not be read${run.data.leaks ? `; ${plural(run.data.leaks.count, 'picture')} with a copy in a stricter part${run.data.leaks.kept ? ', kept' : ''}` : ''}`,
          ],
        ] satisfies [string, string][])
      : []),
    ['Looks', `number ${test.look.number}, on ${escapeHtml(test.look.at.slice(0, 10))}`],
  ];
  const told =
    findings === undefined
      ? `<p class="rest">What is wrong with the data was not looked for: <code>npx fovea data doctor ${escapeCommand(quote(test.data))}</code> tells, and <code>fovea report --doctor</code> puts it here.</p>`
      : findings.length === 0
        ? '<p>The doctor found nothing wrong with the data.</p>'
        : htmlTable(
            [{ title: 'what the doctor found' }, { title: '' }, { title: 'evidence' }],
            findings
              .slice(0, 30)
              .map(({ kind, severity, evidence }) => [
                escapeHtml(kind),
                `<span class="mark ${severity}">${severity}</span>`,
                escapeHtml(evidence),
              ]),
          ) + (findings.length > 30 ? `<p class="rest">The first 30 of ${findings.length}.</p>` : '');
  return section(
    'data',
    'Data',
    '',
    `<dl class="facts">${facts.map(([title, value]) => `<dt>${title}</dt><dd>${value}</dd>`).join('')}</dl>${told}`,
  );
}
export function recipeSection({ run, test }: ReportContent, quote: Quote): string {
  const commands = [`npx fovea test ${quote(test.run)}`, ...(run ? [`npx fovea reproduce ${quote(test.run)}`] : [])];
  const lines = commands.map((line) => `<dd><code>${escapeCommand(line)}</code></dd>`).join('');
  const again = `<h3>How to reproduce</h3><dl><dt>The same bits come out for the same pictures, recipe and seed, on every machine:</dt>${lines}</dl>`;
  if (!run) return section('recipe', 'Recipe', '', again);
  const { model: _, ...recipe } = run.recipe;
  const rows = Object.entries(recipe).map(([field, value]) => [escapeHtml(field), escapeHtml(settingText(value))]);
  const made = [
    ['fovea', run.fovea],
    ['bits', run.bits ?? 'not recorded'],
    ...Object.entries(run.environment).map(([key, value]) => [key, String(value)]),
    ['begun', run.created],
  ].map(([key, value]) => [escapeHtml(key), escapeHtml(value)]);
  const why =
    run.why.length > 0
      ? `<ul class="names">${run.why.map((text) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>`
      : '';
  return section(
    'recipe',
    'Recipe',
    'Everything that decides the result but the pictures.',
    `${htmlTable([{ title: 'field' }, { title: 'value' }], rows)}${why}<h3>Made by</h3>${htmlTable([{ title: 'what' }, { title: 'value' }], made)}${again}`,
  );
}
