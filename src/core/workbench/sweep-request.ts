import { invalid } from '../errors.ts';
import { parseAugmentation } from '../image/augmentation-spec.ts';
import { type Named, parseNamed } from '../layers/named-text.ts';
import { optimizers } from '../optimizers/index.ts';
import { schedules } from '../schedules/index.ts';
import { averages } from '../train/averages.ts';
import type { Setting, SweepValue } from './sweep-plan.ts';
import type { TrainRequest } from './train-request.ts';

/** Names as the command line has them. */
const otherNames: Readonly<Record<string, string>> = {
  lr: 'learningRate',
  augment: 'augmentation',
  'weight-decay': 'weightDecay',
  'micro-batch': 'microBatch',
  'class-weights': 'classWeights',
  'label-smoothing': 'labelSmoothing',
  'clip-norm': 'clip.norm',
  'clip-value': 'clip.value',
};

/** What a text of such a field may be, with options behind colons. */
const lists: Readonly<Record<string, readonly Named[]>> = {
  optimizer: optimizers,
  schedule: schedules,
  average: averages,
};

/** Fields that are choices of a training: what follows from them (a model's learning rate) is chosen after them. */
const choices = new Set([
  ...['model', 'epochs', 'batch', 'microBatch', 'learningRate', 'optimizer', 'weightDecay', 'schedule', 'augmentation'],
  ...[
    'testTimeAugmentation',
    'classWeights',
    'sampling',
    'algorithm',
    'size',
    'recipe',
    'warmup',
    'labelSmoothing',
    'average',
    'dropout',
  ],
]);

/** What a setting means for a training; everything that is no choice is a field of the recipe. @throws FoveaError */
export function requestOf({ values }: Setting): Partial<TrainRequest> {
  const request: Record<string, unknown> = {};
  const overrides: Record<string, unknown> = {};
  for (const [given, value] of Object.entries(values)) {
    const field = otherNames[given] ?? given;
    if (field === 'seed')
      throw invalid('fields other than the seed', 'the sweep', 'seed', 'Seeds have an option: --seeds 3');
    if (choices.has(field)) request[field] = choiceOf(field, value);
    else overrides[field] = value;
  }
  return Object.keys(overrides).length > 0 ? { ...request, overrides } : request;
}

function choiceOf(field: string, value: SweepValue): unknown {
  const list = typeof value === 'string' && value !== 'none' ? lists[field] : undefined;
  if (list) return parseNamed(list, value as string, `'${field}' in the sweep`);
  if (field === 'augmentation' && typeof value === 'string') return value === 'none' ? {} : parseAugmentation(value);
  if (field === 'size') {
    const [, height, width] = /^(\d{1,4})(?:x(\d{1,4}))?$/.exec(String(value)) ?? [];
    if (height === undefined) throw invalid('a size such as 64 or 48x64', "'size' in the sweep", value);
    return { height: Number(height), width: Number(width ?? height) };
  }
  return value;
}
