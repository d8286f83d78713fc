import type { EpochRecord } from '../../core/train/history.ts';
import type { RunDiagnosis } from '../../core/workbench/diagnose-run.ts';
import type { CommandDefinition } from '../command.ts';
import { diagnosisLines } from '../terminal/findings.ts';
import { fittingTable } from '../terminal/fitting-table.ts';
import { count, loss, percent, plural, rate } from '../terminal/numbers.ts';
import { pairLines } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { recipePairs } from './recipe-words.ts';
import { projectOf, projectOption, resumeLine, seedOption, shellWord } from './shared.ts';

/** Epochs that are listed: of a long training the first, the last and the best. */
const mostEpochs = 12;

export const runsShow: CommandDefinition = {
  name: 'runs show',
  group: 'training',
  doc: 'Shows a run: its data and recipe, its epochs, and what they mean.',
  arguments: [{ name: '<run>', doc: "the run's folder" }],
  options: [projectOption, seedOption],
  examples: [['fovea runs show runs/digits-mnist-cnn-1', 'everything that is known of it, read from its folder']],

  async run(context, [run], given) {
    const { workbench, terminal } = context;
    const project = await projectOf(context, given.project);
    const found = await workbench.diagnoseRun({ run: run as string, project });
    const { description, epochs, best, diagnosis, missing } = found;
    const paint = painter(terminal);
    terminal.out(paint('strong', harmless(found.run)));
    const pairs = [...runPairs(found), ...recipePairs(description.recipe)];
    const shown = pairs.map(([title, value]) => [title, harmless(value)] as const);
    for (const line of pairLines(shown, { columns: terminal.columns, paint })) terminal.out(line);
    if (epochs.length > 0) terminal.out('');
    for (const line of epochTable(epochs, best?.epoch, terminal.columns)) terminal.out(line);
    for (const line of diagnosisLines(diagnosis, terminal)) terminal.out(line);
    terminal.out('');
    const next =
      description.status === 'interrupted' ? resumeLine(found.run) : `npx fovea test ${shellWord(found.run)}`;
    terminal.out(`  ${paint('strong', harmless(next))}`);
    return { json: { run: found.run, ...description, epochs, diagnosis, missing } };
  },
};

function runPairs({ description, epochs, best }: RunDiagnosis): [string, string][] {
  const { data, status, error, created, fovea, weights } = description;
  const { images, classNames } = data;
  const ending = best
    ? `epoch ${best.epoch}, val loss ${loss(best.valLoss)}, val accuracy ${percent(best.valAccuracy)}`
    : 'none yet';
  return [
    ['status', `${status}, ${plural(epochs.length, 'epoch')} done${error === undefined ? '' : `: ${error}`}`],
    ['best', ending],
    ['begun', `${created.slice(0, 16).replace('T', ' ')} UTC, by Fovea ${fovea}`],
    ['data', `${data.source}, ${plural(classNames.length, 'class', 'classes')}`],
    ['pictures', `${count(images.train)} to train, ${count(images.val)} to validate, ${count(images.test)} to test`],
    ['began with', weights ? 'weights of another model' : 'weights from the seed'],
  ];
}

function epochTable(epochs: readonly EpochRecord[], best: number | undefined, columns: number): string[] {
  if (epochs.length === 0) return [];
  const right = 'right' as const;
  const titles = [
    { title: 'epoch', align: right },
    { title: 'loss', align: right, spare: 2 },
    { title: 'train loss', align: right },
    { title: 'val loss', align: right },
    { title: 'val acc.', align: right },
    { title: 'lr', align: right, spare: 1 },
    { title: '' },
  ];
  const half = mostEpochs / 2;
  const isShown = (i: number): boolean => i < half || i >= epochs.length - half || epochs[i].epoch === best;
  const rows: string[][] = [];
  epochs.forEach((one, i) => {
    if (isShown(i)) {
      rows.push([
        String(one.epoch),
        loss(one.loss),
        one.trainLoss === undefined ? '' : loss(one.trainLoss),
        loss(one.valLoss),
        percent(one.valAccuracy),
        rate(one.learningRate),
        one.epoch === best ? 'best' : '',
      ]);
    } else if (isShown(i - 1)) rows.push(['…', '', '', '', '', '', '']);
  });
  return fittingTable(titles, rows, columns);
}
