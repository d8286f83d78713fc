import { memoryModes } from '../../core/train/prepare.ts';
import { samplings } from '../../core/train/recipe.ts';
import type { Within } from '../../core/workbench/project/verbs.ts';
import type { TrainRequest } from '../../core/workbench/train-request.ts';
import { type CommandDefinition, type CommandOption, number, parseSize, UsageError, wholeNumber } from '../command.ts';
import { augmentOption } from './augment-option.ts';
import { optimizerOption, recipeOption, recipeOptions, recipeRequestOf } from './recipe-options.ts';
import {
  algorithmOption,
  limitOptions,
  modelDoc,
  nameFrom,
  parseModel,
  projectOf,
  projectOption,
  seedOption,
  threadsOption,
  turboOption,
} from './shared.ts';
import { torchNames, torchOf, torchOptions } from './torch-options.ts';
import { finish } from './training-end.ts';
import { trainingReport } from './training-report.ts';
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
