import type { TrainingMemory } from '../../core/train/forecast.ts';
import type { TrainingDuration } from '../../core/train/forecast-duration.ts';
import { memoryModes } from '../../core/train/prepare.ts';
import { samplings } from '../../core/train/recipe.ts';
import type { Within } from '../../core/workbench/project/verbs.ts';
import type { TrainOutcome, TrainRequest, WorkbenchEvent } from '../../core/workbench/train.ts';
import {
  type CommandContext,
  type CommandDefinition,
  type CommandOption,
  number,
  type Outcome,
  parseSize,
  UsageError,
  wholeNumber,
} from '../command.ts';
import { endingWords, lossWords } from '../loss-words.ts';
import { lossChart } from '../terminal/chart.ts';
import { diagnosisLines, findingLines } from '../terminal/findings.ts';
import { bytes, count, duration, loss, percent, plural, rate } from '../terminal/numbers.ts';
import { createEstimate, createProgressLine } from '../terminal/progress.ts';
import { wrap } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { augmentOption } from './augment-option.ts';
import { optimizerOption, recipeOption, recipeOptions, recipeRequestOf } from './recipe-options.ts';
import {
  algorithmOption,
  fromHere,
  limitOptions,
  modelDoc,
  nameFrom,
  parseModel,
  projectOf,
  projectOption,
  resumeLine,
  seedOption,
  shellWord,
  skippedLines,
  threadsOption,
  turboOption,
} from './shared.ts';
import { torchNames, torchOf, torchOptions } from './torch-options.ts';
import { transferOptions } from './transfer-options.ts';

const saveEveryOption: CommandOption = {
  flags: '--save-every <minutes>',
  doc: 'save within an epoch, too, after so long (default 5)',
  parse: number({ above: 0 }, '5'),
};

const options: readonly CommandOption[] = [
  recipeOption,
  { flags: '--model <model>', doc: modelDoc, parse: parseModel },
  { flags: '--epochs <n>', doc: 'how often every training picture is seen', parse: wholeNumber(1) },
  {
    flags: '--patience <n>',
    doc: 'stop when val loss has not become lower for so many epochs (default: never)',
    parse: wholeNumber(1),
  },
  { flags: '--batch <n>', doc: 'pictures a step', parse: wholeNumber(1) },
  {
    flags: '--micro-batch <n>',
    doc: 'pictures computed at a time, fewer than a batch, where a whole one needs too much memory',
    parse: wholeNumber(1),
  },
  { flags: '--lr <rate>', doc: 'the highest learning rate', parse: number({ above: 0 }, '0.001') },
  optimizerOption,
  { flags: '--weight-decay <strength>', doc: 'how strongly weights shrink', parse: number({ minimum: 0 }, '0.0005') },
  {
    flags: '--val <share>',
    doc: 'share of the training pictures kept for validation where there is no val part (default 0.1)',
    parse: number({ above: 0, below: 1 }, '0.1'),
  },
  { flags: '--split <file>', doc: 'the parts that this file of fovea data split deals out' },
  { flags: '--keep-leaks', doc: 'keep training pictures that have a copy in val or test' },
  {
    flags: '--class-weights <how>',
    doc: 'balanced: rare classes weigh more in the loss; none (default); or a JSON file such as {"cat": 2}',
  },
  {
    flags: '--sampling <how>',
    doc: 'balanced: every class is seen equally often; none (default)',
    parse: nameFrom(samplings),
  },
  augmentOption,
  ...recipeOptions,
  ...transferOptions,
  { flags: '--size <size>', doc: 'input size, such as 64 or 48x64 (height x width)', parse: parseSize },
  algorithmOption,
  {
    flags: '--memory <mode>',
    doc: 'usual (default), or low: keeps less and computes it again, with the same result',
    parse: nameFrom(memoryModes),
  },
  threadsOption,
  turboOption,
  saveEveryOption,
  ...torchOptions,
  { flags: '--out <folder>', doc: "the run's folder (default runs/<data>-<model>-<n>)" },
  {
    flags: '--like <run>',
    doc: 'data and recipe of this run, in a run of its own; change what --set, --epochs, --lr, --batch or --seed say',
  },
  {
    flags: '--resume <run>',
    doc: 'go on with this run instead; only --epochs, --patience, --threads, --memory, --save-every and --engine may stand beside it',
  },
  { flags: '--strict', doc: 'stop at the first picture that cannot be read' },
  projectOption,
  seedOption,
  ...limitOptions,
];

export const train: CommandDefinition = {
  name: 'train',
  group: 'training',
  doc: 'Trains a model on labelled pictures and keeps the best in a run folder.',
  arguments: [
    {
      name: '[data]',
      doc: 'a folder, an archive (.zip, .tar, .tar.gz), a file (.npz, .parquet, .csv, .jsonl), a set that was fetched by name, or a built-in set (digits, shapes); within a project its own',
    },
  ],
  options,
  examples: [
    ['fovea train photos', 'chooses input size, model and epochs from the pictures'],
    ['fovea train digits --model mnist-cnn --epochs 3', 'trains on a built-in set'],
    ['fovea train cifar10 --recipe standard', 'complete settings by name, printed with their reasons'],
    ["fovea train digits --model 'conv 32, relu, pool 2, flatten, linear'", 'trains a model of your own'],
    ['fovea train photos --weights runs/cifar10-vgg6-bn-1', 'few pictures: begins with what another run has learnt'],
    ['fovea train --like runs/photos-vgg6-bn-1 --set learningRate=0.001', 'the same once more, but for one thing'],
    ['fovea train --resume runs/photos-vgg6-bn-1', 'goes on where it stopped'],
    ['fovea train photos.store --engine torch --nproc-per-node 8', 'the same recipe on PyTorch, in 8 processes'],
  ],
  stopping: 'Ending the step and saving',

  async run(context, [data], given) {
    const project = await projectOf(context, given.project);
    checkResume(data as string | undefined, given, project);
    const torch = torchOf(given);
    const report = trainingReport(context);
    // Every other option has the name of the request's field.
    const {
      lr,
      augment,
      classWeights,
      lrFactor,
      augmentCopies,
      project: _,
      engine,
      nprocPerNode,
      nnodes,
      rdzvEndpoint,
      ...same
    } = recipeRequestOf(given) as Record<string, never>;
    const request: TrainRequest & Within = {
      ...same,
      data: data as string | undefined,
      torch,
      ...weightsOf(classWeights),
      learningRate: lr,
      augmentation: augment,
      project,
      rateFactors: lrFactor,
      augmentedCopies: augmentCopies,
      mirrors: mirrorsOf(process.env.FOVEA_MIRROR),
    };
    const outcome = await context.workbench
      .train(request, { signal: context.signal, onEvent: report.show })
      .finally(report.clear);
    return finish(context, outcome);
  },
};

/** Addresses with commas between them. */
function mirrorsOf(text = ''): string[] | undefined {
  const mirrors = text.split(/[\s,]+/).filter((one) => one !== '');
  return mirrors.length > 0 ? mirrors : undefined;
}

/** Words mean themselves, everything else a file. */
function weightsOf(how: string | undefined): Pick<TrainRequest, 'classWeights' | 'classWeightsFile'> {
  if (how === undefined) return {};
  return how === 'balanced' || how === 'none' ? { classWeights: how } : { classWeightsFile: how };
}

function checkResume(
  data: string | undefined,
  given: Readonly<Record<string, unknown>>,
  project: string | undefined,
): void {
  if (given.like !== undefined && given.resume === undefined) {
    refuseBeside(data, given, 'like', "A run like another has that one's data and recipe");
    return;
  }
  if (given.resume === undefined) {
    if (data === undefined && project === undefined) {
      throw new UsageError(
        'Expected data to train on but received none',
        'Name a folder, or the built-in set digits: fovea train digits',
      );
    }
    return;
  }
  refuseBeside(data, given, 'resume', 'A run goes on with its own recipe');
}

/** What may stand beside an option that brings data and recipe along. */
const beside = {
  resume: [...['epochs', 'patience', 'threads', 'turbo', 'memory', 'saveEvery', 'project', 'json'], ...torchNames],
  like: [
    ...['set', 'epochs', 'patience', 'batch', 'microBatch', 'lr', 'algorithm', 'seed', 'out'],
    ...['threads', 'turbo', 'memory', 'saveEvery', 'project', 'json'],
    ...torchNames,
  ],
} as const;

function refuseBeside(
  data: string | undefined,
  given: Readonly<Record<string, unknown>>,
  option: keyof typeof beside,
  reason: string,
): void {
  const allowed = new Set<string>([option, ...beside[option]]);
  const other =
    data === undefined ? Object.keys(given).find((name) => given[name] !== undefined && !allowed.has(name)) : 'data';
  if (other === undefined) return;
  const flag = other === 'data' ? `the data '${data}'` : `--${other.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
  throw new UsageError(`${reason}, so ${flag} cannot be given with --${option}`, 'Leave it out, or train a new run');
}

/** Prints a training while it goes on. */
export function trainingReport({ terminal }: CommandContext): { show(event: WorkbenchEvent): void; clear(): void } {
  const paint = painter(terminal);
  const line = createProgressLine(terminal, () => performance.now());
  const estimate = createEstimate(() => performance.now());
  const skipped: { origin: string; reason: string }[] = [];
  let epochs = 0;
  let steps = 0;
  let shown = 0;
  const text = (lines: readonly string[]): void => {
    line.clear();
    for (const one of lines) terminal.out(one);
  };
  return {
    clear: line.clear,
    show(event) {
      switch (event.kind) {
        case 'reading':
          line.show(
            'Reading pictures',
            event.done / event.total,
            undefined,
            `${count(event.done)} of ${count(event.total)}`,
          );
          break;
        case 'fetch':
          line.show(harmless(event.file), event.done / (event.total ?? event.done + 1), undefined, bytes(event.done));
          break;
        case 'note':
          text(wrap(harmless(event.text), terminal.columns - 2, '  '));
          break;
        case 'diagnosis':
          text(findingLines(event.finding, terminal));
          break;
        case 'skipped':
          skipped.push(event);
          break;
        case 'run':
          text(skippedLines(skipped));
          break;
        case 'begin': {
          epochs = event.epochs;
          steps = event.stepsPerEpoch;
          const { trainImages, valImages, parameters, memory, duration: time, resumed } = event;
          const what = `Training ${plural(parameters, 'parameter')} on ${plural(trainImages, 'picture')}, validating on ${count(valImages)}; ${plural(steps, 'step')} an epoch.`;
          text([
            ...wrap(what, terminal.columns - 2, '  '),
            ...(memory ? wrap(memoryLine(memory), terminal.columns - 2, '  ') : []),
            ...(time ? wrap(timeLine(time), terminal.columns - 2, '  ') : []),
            ...(resumed
              ? [`Going on at epoch ${resumed.epoch}${resumed.step > 0 ? `, step ${resumed.step + 1}` : ''}.`]
              : []),
            '',
          ]);
          break;
        }
        case 'stage':
          text(wrap(stageLine(event), terminal.columns - 2, '  '));
          break;
        case 'step': {
          const share = ((event.epoch - 1) * steps + event.step) / (epochs * steps);
          const facts = `loss ${loss(event.loss)} · accuracy ${percent(event.accuracy)} · ${count(event.imagesPerSecond)} pictures/s`;
          line.show(`Epoch ${event.epoch}/${epochs}`, share, estimate(share), facts);
          break;
        }
        case 'validate':
          line.show(
            `Epoch ${event.epoch}/${epochs}`,
            event.epoch / epochs,
            undefined,
            `validating ${count(event.done)} of ${count(event.images)}`,
          );
          break;
        case 'epoch': {
          const { epoch, accuracy, valAccuracy, valLoss, learningRate, seconds } = event.record;
          if (shown++ % 20 === 0) {
            const titles = [
              'epoch'.padStart(7),
              'loss'.padStart(8),
              'val loss'.padStart(8),
              'accuracy'.padStart(8),
              'val acc.'.padStart(8),
              'lr'.padStart(9),
              'time'.padStart(8),
            ];
            text([paint('faint', titles.join('  '))]);
          }
          const cells = [
            `${epoch}/${epochs}`.padStart(7),
            paint('train', loss(event.record.loss).padStart(8)),
            paint('val', loss(valLoss).padStart(8)),
            paint('train', percent(accuracy).padStart(8)),
            paint('val', percent(valAccuracy).padStart(8)),
            rate(learningRate).padStart(9),
            duration(seconds).padStart(8),
          ];
          text([`${cells.join('  ')}${event.best ? `  ${paint('good', '▲ best')}` : ''}`]);
          break;
        }
      }
    },
  };
}

/** Which layers learn from here on, and what is computed once. */
function stageLine({
  epoch,
  parameters,
  frozenLayers,
  kept,
}: Extract<WorkbenchEvent, { readonly kind: 'stage' }>): string {
  if (frozenLayers === 0) return `From epoch ${epoch} on all layers learn: ${plural(parameters, 'parameter')}.`;
  const once =
    kept === 'none'
      ? 'what they make of a picture is computed in each epoch, since it would not fit'
      : kept === 'val'
        ? 'what they make of validation pictures is computed once, of training pictures in each epoch, since those are augmented anew'
        : 'what they make of a picture is computed once';
  return `From epoch ${epoch} on ${plural(parameters, 'parameter')} learn, and ${plural(frozenLayers, 'layer')} do not; ${once}.`;
}

/** How long it will take; every machine has moments in which it is slower. */
const timeLine = ({ seconds, secondsPerEpoch, measuredSteps }: TrainingDuration): string =>
  `Time: about ${duration(seconds)}, ${duration(secondsPerEpoch)} an epoch (foretold from ${plural(measuredSteps, 'step')}).`;

/** What a training will take, and which of it the engine. */
function memoryLine({ engine, pictures, batches, features, copies, total }: TrainingMemory): string {
  const host = `${bytes(pictures)} of pictures, ${bytes(batches)} of batches, ${features ? `${bytes(features)} of features of frozen layers, ` : ''}${bytes(copies)} of copies of the weights`;
  if (!engine) return `Memory: ${host}.`;
  const { weights, optimizer, workspace, threadScratch, memory } = engine;
  const parts = `weights ${bytes(weights)}, optimizer ${bytes(optimizer)}, activations and gradients ${bytes(workspace)}, threads ${bytes(threadScratch)}`;
  return `Memory: ${bytes(total)}, of which the engine ${bytes(memory)} (${parts}); ${host}.`;
}

/** The chart, the sums and what to do next. */
export function finish({ terminal }: CommandContext, outcome: TrainOutcome): Outcome {
  const { run, status, alreadyFinished, epochs, best, weights, split, leaks, imagesPerSecond, memory, testImages } =
    outcome;
  const { startWeights, diagnosis } = outcome;
  const paint = painter(terminal);
  const rows = epochs.map(({ loss: l, valLoss }) => ({ loss: l, valLoss }));
  if (best) {
    const chart = lossChart(
      {
        loss: rows.map((r) => r.loss),
        valLoss: rows.map((r) => r.valLoss),
        trainLoss: epochs.every(({ trainLoss }) => trainLoss !== undefined)
          ? epochs.map(({ trainLoss = Number.NaN }) => trainLoss)
          : undefined,
        best: best.epoch,
      },
      terminal,
    );
    if (chart.length > 0) for (const line of ['', ...chart]) terminal.out(line);
    terminal.out('');
    const speed = imagesPerSecond > 0 ? ` (${count(imagesPerSecond)} pictures/s in training)` : '';
    const sum = `Best epoch ${best.epoch}: val loss ${paint('val', loss(best.valLoss))}, val accuracy ${paint('val', percent(best.valAccuracy))}${speed}.`;
    for (const line of wrap(sum, terminal.columns - 2)) terminal.out(line);
    for (const words of [...endingWords(outcome), ...lossWords(epochs[epochs.length - 1], outcome.recipe)]) {
      for (const line of wrap(words, terminal.columns - 2)) terminal.out(line);
    }
    for (const line of diagnosisLines(diagnosis, terminal)) terminal.out(line);
  }
  const json: Record<string, unknown> = {
    run,
    epochs,
    best: best ?? null,
    status,
    diagnosis,
    weights,
    split: split ?? null,
    leaks,
    imagesPerSecond,
    memory: memory ?? null,
    startWeights: startWeights ?? null,
  };
  if (status === 'interrupted') {
    terminal.out(`Interrupted; everything is saved in ${harmless(run)}. Go on with:`);
    terminal.out(`  ${paint('strong', harmless(resumeLine(run)))}`);
    return { json: { ...json, interrupted: true, resume: resumeLine(run) }, exitCode: 1 };
  }
  if (alreadyFinished) {
    terminal.out(
      status === 'stopped-early'
        ? `This run stopped early already: ${plural(epochs.length, 'epoch')} done. To train on, ask for more patience:`
        : `This run was finished already: ${plural(epochs.length, 'epoch')} done. To train on, ask for more epochs:`,
    );
    const more =
      status === 'stopped-early'
        ? `--patience ${epochs.length - (best?.epoch ?? 0) + 3}`
        : `--epochs ${epochs.length * 2}`;
    terminal.out(`  ${paint('strong', harmless(`${resumeLine(run)} ${more}`))}`);
    return { json: { ...json, alreadyFinished: true } };
  }
  const name = harmless(shellWord(run));
  terminal.out(`The run is in ${harmless(run)}. What comes next:`);
  if (testImages > 0) terminal.out(`  ${paint('strong', `npx fovea test ${name}`)}`);
  terminal.out(`  ${paint('strong', `npx fovea classify ${name} PICTURE…`)}`);
  if (testImages === 0) {
    const advice =
      'There were no test pictures, so nobody knows yet how well it does. Set some aside, and train on the others:';
    for (const line of wrap(advice, terminal.columns - 2)) terminal.out(line);
    const data = harmless(shellWord(fromHere(outcome.data)));
    terminal.out(`  ${paint('strong', `npx fovea data split ${data}`)}`);
    terminal.out(`  ${paint('strong', `npx fovea train ${data} --split split.json`)}`);
  }
  return { json };
}
