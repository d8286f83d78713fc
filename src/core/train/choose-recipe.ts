import { classCounts, type Dataset } from '../dataset/dataset.ts';
import { type FoveaError, invalid, mismatch } from '../errors.ts';
import { type Augmentation, augmentationText, completeAugmentation, writeOut } from '../image/augmentation-spec.ts';
import { warnOfLabels } from '../image/mirror-names.ts';
import { type TestTimeAugmentation, testTimeAugmentations } from '../image/test-time-augmentation.ts';
import { inSteps } from '../layers/named-text.ts';
import { completeLoss, type LossSpec } from '../losses/index.ts';
import { buildModel } from '../model/build.ts';
import { withDropout } from '../model/dropout.ts';
import { forOtherData } from '../model/head.ts';
import type { MatchedWeights } from '../model/match-weights.ts';
import type { OpenedWeights } from '../model/opened-weights.ts';
import { buildPreset, presets } from '../model/presets/index.ts';
import { adapt, type ModelDraft, type ModelSpec } from '../model/spec.ts';
import { batchNorm } from '../ops/batchNorm.ts';
import { dropout } from '../ops/dropout.ts';
import { type Algorithm, algorithms } from '../plan/lowering.ts';
import { say } from '../say.ts';
import { createLearningRate, type ScheduleSpec } from '../schedules/index.ts';
import { sameShape } from '../shape.ts';
import { type AverageSpec, completeAverage } from './averages.ts';
import { chooseTransfer, type TransferChoices } from './choose-transfer.ts';
import { defaultAugmentation, defaultsOf, usualLearningRate } from './defaults.ts';
import { stepsPerEpoch } from './prepare.ts';
import { resolveOptimizer } from './programs.ts';
import { type ClipSpec, type OptimizerSpec, type Recipe, type Sampling, samplings } from './recipe.ts';
import { chooseNamed } from './recipes/choose-named.ts';

/** What a person may decide; the rest is chosen from the pictures. */
export interface RecipeChoices extends TransferChoices {
  /** A named recipe, whose settings stand where nothing else is said. */
  readonly recipe?: string;
  /** A preset's name, or a model of one's own. */
  readonly model?: string | ModelDraft;
  readonly epochs?: number;
  /** Epochs without a lower val loss after which training stops; absent: never before its end. */
  readonly patience?: number;
  readonly batch?: number;
  /** Pictures computed at a time, fewer than `batch`, where a whole batch needs too much memory. */
  readonly microBatch?: number;
  readonly learningRate?: number;
  /** A name, or a name with options. */
  readonly optimizer?: string | OptimizerSpec;
  readonly weightDecay?: number;
  /** Options that count steps may also be `{ epochs }`. */
  readonly schedule?: ScheduleSpec;
  /** Below 1: share of all steps in which the learning rate rises; else their number. */
  readonly warmup?: number;
  readonly loss?: LossSpec;
  /** Share of the target that is spread over all classes; 0 … 1. */
  readonly labelSmoothing?: number;
  readonly clip?: ClipSpec;
  /** A name, or a name with options. */
  readonly average?: string | AverageSpec;
  /** Rate of the model's dropout layers; a model without one gets it before its head. */
  readonly dropout?: number;
  readonly augmentation?: Augmentation;
  /** Views of a picture that a trained model answers by; default: the picture as it is alone. */
  readonly testTimeAugmentation?: TestTimeAugmentation | 'none';
  /** A weight for each class in the loss; 'balanced': the rarer, the more, with mean 1 over the pictures. */
  readonly classWeights?: ClassWeights;
  /** 'balanced': every class is seen equally often. */
  readonly sampling?: Sampling;
  readonly seed?: number;
  /** Which kernels may compute; default 'auto'. */
  readonly algorithm?: Algorithm;
}

export type ClassWeights = 'none' | 'balanced' | readonly number[];

export interface ChosenRecipe {
  readonly recipe: Recipe;
  /** What of the given weights the model begins with; undefined where none were given. */
  readonly matched: MatchedWeights | undefined;
  /** A sentence for each thing that was chosen, and why. */
  readonly why: readonly string[];
}

/** Pictures that a small network should have seen, counted again in each epoch: photos take longer to learn. */
const usefulViews = { grey: 50_000, colour: 150_000 } as const;
const fewestEpochs = 5;
/** TrashNet (1,768 pictures) gains nothing from more. */
const mostEpochs = 30;
/** With fewer training pictures the batch is halved, for more steps. */
const fewPictures = 4000;
/** Share of all steps in which the learning rate rises. */
const warmupShare = 0.05;

/**
 * Completes a recipe. @param train training pictures, validation pictures already taken away. @param val the share that
 * was, for the record.
 * @throws FoveaError for an unknown model or optimizer, an option out of range, pictures too small for the model.
 */
export function chooseRecipe(train: Dataset, val: number, asked: RecipeChoices = {}): ChosenRecipe {
  const { choices: given, why } = chooseNamed(asked, train);
  const input = [train.height, train.width, train.channels];
  const { model: plain, modelName } = chooseModel(given, { input, classes: train.classNames.length }, train, why);
  const model = given.dropout === undefined ? plain : withDropout(plain, given.dropout);
  const defaults = defaultsOf(modelName);
  const epochs = whole(given.epochs ?? chooseEpochs(train, why), 'epochs');
  const transfer = chooseTransfer(model, train, epochs, given);
  why.push(...transfer.why);
  const batch = whole(given.batch ?? (train.count < fewPictures ? defaults.batch / 2 : defaults.batch), 'batch');
  const { optimizer, learningRate } = chooseOptimizer(given, modelName);
  const schedule = chooseSchedule(given, stepsPerEpoch(train.count, Math.min(batch, train.count)), epochs);
  let augmentation = given.augmentation;
  if (augmentation === undefined) {
    const chosen = defaultAugmentation(train);
    augmentation = chosen.augmentation;
    why.push(chosen.why);
  } else {
    completeAugmentation(augmentation, train);
    augmentation = writeOut(augmentation);
    why.push(say`Augmentation: ${augmentationText(augmentation)}.`, ...warnOfLabels(augmentation, train.classNames));
  }
  const recipe: Recipe = {
    version: 1,
    ...(given.recipe === undefined ? {} : { name: given.recipe }),
    modelName,
    model,
    optimizer,
    learningRate: positive(learningRate, 'lr', '0.001'),
    schedule,
    loss: chooseLoss(given, train, why),
    epochs,
    ...choosePatience(given.patience, epochs, why),
    batch,
    ...chooseMicroBatch(given.microBatch, batch, model, why),
    ...chooseClip(given, why),
    ...chooseAverage(given, epochs, why),
    augmentation,
    ...chooseTestTimeAugmentation(given, train, why),
    ...chooseSampling(given, train, why),
    seed: given.seed ?? 1,
    val,
    ...transfer.recipe,
    algorithm: oneOf(algorithms, given.algorithm ?? 'auto', 'algorithm'),
  };
  return { recipe, matched: transfer.matched, why };
}

function chooseModel(
  { model: given, start }: RecipeChoices,
  data: { readonly input: readonly number[]; readonly classes: number },
  train: Dataset,
  why: string[],
): { model: ModelSpec; modelName: string } {
  if (typeof given === 'object') {
    const model = adapt(given, data);
    if (!sameShape(model.input, data.input)) {
      const mend = "Leave its 'input' out, or bring the pictures to that size";
      throw mismatch(`pictures of ${model.input.join('x')}`, 'the model', data.input.join('x'), mend);
    }
    return { model, modelName: given.name ?? 'model' };
  }
  if (given !== undefined) return { model: buildPreset(given, data), modelName: given };
  if (start) return modelOf(start, data, why);
  const name = presetFor(train);
  why.push(name.why);
  return { model: buildPreset(name.preset, data), modelName: name.preset };
}

/** The model that weights are of. @throws FoveaError when nobody knows. */
function modelOf(
  { source, model, preset }: OpenedWeights,
  data: { readonly input: readonly number[]; readonly classes: number },
  why: string[],
): { model: ModelSpec; modelName: string } {
  if (model) {
    const modelName = model.name ?? 'model';
    why.push(say`Model ${modelName}: that of '${source}'.`);
    return { model: forOtherData(model, data), modelName };
  }
  if (preset !== undefined) {
    why.push(say`Model ${preset}: that of '${source}'.`);
    return { model: buildPreset(preset, data), modelName: preset };
  }
  throw mismatch('weights that say which model they are of', `'${source}'`, 'bare tensors', 'Name it with --model');
}

function presetFor(train: Dataset): { preset: string; why: string } {
  const size = `${train.height}x${train.width}`;
  const smallest = Math.min(train.height, train.width);
  const fits = (preset: string): boolean => smallest >= presets.find(({ name }) => name === preset)!.minimumSize;
  if (!fits('vgg6-bn'))
    return { preset: 'mlp', why: say`Model mlp: pictures of ${size} are too small for convolutions.` };
  if (train.channels === 1 && Math.max(train.height, train.width) <= 32 && fits('mnist-cnn')) {
    return { preset: 'mnist-cnn', why: say`Model mnist-cnn: small grey pictures (${size}) need no deep network.` };
  }
  const kind = train.channels === 1 ? say`grey` : say`colour`;
  return {
    preset: 'vgg6-bn',
    why: say`Model vgg6-bn: a small network with batch norm suits ${kind} pictures of ${size}.`,
  };
}

function chooseEpochs(train: Dataset, why: string[]): number {
  const views = train.channels === 1 ? usefulViews.grey : usefulViews.colour;
  const epochs = Math.max(fewestEpochs, Math.min(mostEpochs, Math.round(views / train.count)));
  const pictures = say`${train.count} training pictures`;
  if (epochs === mostEpochs) why.push(say`${epochs} epochs: with only ${pictures} each is seen often.`);
  else if (epochs === fewestEpochs) why.push(say`${epochs} epochs: with ${pictures} a few are enough.`);
  else why.push(say`${epochs} epochs: ${pictures}, so that about ${views / 1000},000 views are learnt from.`);
  return epochs;
}

function chooseOptimizer(given: RecipeChoices, modelName: string): { optimizer: OptimizerSpec; learningRate: number } {
  const defaults = defaultsOf(modelName);
  const named = typeof given.optimizer === 'string' ? { type: given.optimizer } : given.optimizer;
  // Naming the optimizer that the model has anyway keeps its options.
  const same = named === undefined || (named.type === defaults.optimizer.type && Object.keys(named).length === 1);
  const chosen = same ? defaults.optimizer : named;
  const { weightDecay } = given;
  const optimizer = weightDecay === undefined ? chosen : { ...chosen, weightDecay };
  const { options } = resolveOptimizer(optimizer);
  const usual = same ? defaults.learningRate : (usualLearningRate[chosen.type] ?? defaults.learningRate);
  // Written out in full, so that the recipe stays the same when a default changes.
  return { optimizer: { type: chosen.type, ...options }, learningRate: given.learningRate ?? usual };
}

function chooseLoss(given: RecipeChoices, train: Dataset, why: string[]): LossSpec {
  const plain = given.loss ?? { type: 'softmaxCrossEntropy' };
  const loss = given.labelSmoothing === undefined ? plain : { ...plain, labelSmoothing: given.labelSmoothing };
  completeLoss(loss);
  const { classWeights = 'none' } = given;
  if (classWeights === 'none') return loss;
  const classes = train.classNames.length;
  const weights = classWeights === 'balanced' ? balancedWeights(classCounts(train)) : [...classWeights];
  if (weights.length !== classes) throw refused(`${classes} numbers, one a class,`, 'class-weights', weights.length);
  const bad = weights.find((weight) => !(weight >= 0 && Number.isFinite(weight)));
  if (bad !== undefined) throw refused('numbers of at least 0', 'class-weights', bad);
  const named = weights.map((weight, label) => `${train.classNames[label]} ${weight.toFixed(2)}`);
  const shown = named.length > 6 ? `${named.slice(0, 6).join(', ')}, …` : named.join(', ');
  why.push(say`Class weights in the loss: ${shown}.`);
  return { ...loss, classWeights: weights };
}

/** n / (classes x pictures of the class), so that all classes weigh alike; 1 for a class without pictures. */
function balancedWeights(counts: readonly number[]): number[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const there = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count > 0 ? all / (there * count) : 1));
}

/** Written out in steps; a schedule that is learnt to be wrong only after hours helps nobody. */
function chooseSchedule(
  { schedule, warmup, learningRate = 1 }: RecipeChoices,
  perEpoch: number,
  epochs: number,
): ScheduleSpec {
  const totalSteps = perEpoch * epochs;
  const share = warmup ?? (schedule === undefined ? warmupShare : 0);
  if (!(share >= 0 && Number.isFinite(share))) throw refused('a share below 1 or a number of steps', 'warmup', share);
  const least = schedule === undefined && share > 0 ? 1 : 0;
  const rising = share < 1 ? Math.max(least, Math.floor(totalSteps * share)) : Math.round(share);
  const chosen = inSteps(schedule ?? { type: 'cosine' }, perEpoch);
  const complete = rising > 0 && chosen.warmupSteps === undefined ? { ...chosen, warmupSteps: rising } : chosen;
  createLearningRate(complete, { learningRate: learningRate > 0 ? learningRate : 1, totalSteps });
  return complete;
}

function chooseClip({ clip }: RecipeChoices, why: string[]): Pick<Recipe, 'clip'> {
  if (clip?.norm === undefined && clip?.value === undefined) return {};
  const { norm, value } = clip;
  const words = [
    ...(value === undefined ? [] : [say`elements to ±${value}`]),
    ...(norm === undefined ? [] : [say`their norm to ${norm}`]),
  ];
  why.push(say`Gradients are clipped: ${words.reduce((some, one) => say`${some}, then ${one}`)}.`);
  return {
    clip: {
      ...(norm === undefined ? {} : { norm: positive(norm, 'clip-norm', '1') }),
      ...(value === undefined ? {} : { value: positive(value, 'clip-value', '0.5') }),
    },
  };
}

function chooseAverage({ average }: RecipeChoices, epochs: number, why: string[]): Pick<Recipe, 'average'> {
  if (average === undefined || average === 'none') return {};
  const complete = completeAverage(typeof average === 'string' ? { type: average } : average, epochs);
  const since = complete.from === undefined ? '' : say` from epoch ${complete.from} on`;
  why.push(
    say`Weights are averaged (${complete.type})${since}: the average is validated and kept, the training goes on beside it.`,
  );
  return { average: complete };
}

function chooseTestTimeAugmentation(
  { testTimeAugmentation: given = 'none' }: RecipeChoices,
  { classNames }: Dataset,
  why: string[],
): Pick<Recipe, 'testTimeAugmentation'> {
  const chosen = oneOf(['none', ...testTimeAugmentations], given, 'test-time-augmentation');
  if (chosen === 'none') return {};
  why.push(
    say`Tests and answers are the mean over a picture and its mirror image, which takes twice their time.`,
    ...warnOfLabels({ version: 2, steps: [{ type: 'flip' }] }, classNames),
  );
  return { testTimeAugmentation: chosen };
}

function chooseSampling(
  { sampling: given = 'none', classWeights }: RecipeChoices,
  train: Dataset,
  why: string[],
): Pick<Recipe, 'sampling'> {
  const weighted = classWeights === 'balanced';
  if (oneOf(samplings, given, 'sampling') === 'none') return {};
  const counts = classCounts(train).filter((count) => count > 0);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const each = Math.round(train.count / counts.length);
  why.push(
    say`Balanced sampling: an epoch sees about ${each} pictures of every class, of which there are ${least} to ${most}.`,
  );
  if (weighted) why.push(say`Both together make rare classes count twice over: one of them is usually enough.`);
  return { sampling: given };
}

/** What a micro-batch changes is told: nothing but rounding, unless a layer works on the batch as a whole or by chance. */
function chooseMicroBatch(
  given: number | undefined,
  batch: number,
  model: ModelSpec,
  why: string[],
): Pick<Recipe, 'microBatch'> {
  if (given === undefined) return {};
  const microBatch = whole(given, 'micro-batch');
  if (microBatch >= batch) {
    throw invalid(`fewer pictures than the batch of ${batch}`, "option 'micro-batch'", microBatch, 'Leave it out');
  }
  const ops = new Set(buildModel(model, { training: true, inputType: 'uint8' }).graph.nodes.map(({ op }) => op.name));
  const changes: string[] = [];
  if (ops.has(batchNorm.name)) {
    const running = say`its running statistics are updated with each part`;
    changes.push(say`batch norm takes its statistics from each part, not from the whole batch, and ${running}`);
  }
  if (ops.has(dropout.name)) changes.push(say`dropout draws anew for each part`);
  const parts = say`each batch of ${batch} pictures is computed in ${Math.ceil(batch / microBatch)} parts, with one update for all`;
  const effect =
    changes.length > 0
      ? say`${changes.reduce((some, one) => say`${some}; ${one}`)}: the result differs from that of whole batches`
      : say`the result is that of whole batches but for rounding`;
  why.push(say`Micro-batches of up to ${microBatch}: ${parts}; ${effect}.`);
  return { microBatch };
}

function choosePatience(given: number | undefined, epochs: number, why: string[]): Pick<Recipe, 'patience'> {
  if (given === undefined) return {};
  const patience = whole(given, 'patience');
  const rule = say`training stops when val loss has not become lower for ${patience === 1 ? say`an epoch` : say`${patience} epochs`}`;
  why.push(say`Patience ${patience}: ${rule}, else after ${epochs}; the best epoch's weights are kept either way.`);
  return { patience };
}

const whole = (value: number, option: string): number => {
  if (!Number.isInteger(value) || value < 1) throw refused('a whole number of at least 1', option, value);
  return value;
};

const oneOf = <T extends string>(known: readonly T[], value: T, option: string): T => {
  if (!known.includes(value)) throw refused(`one of ${known.join(', ')}`, option, value);
  return value;
};

const positive = (value: number, option: string, like: string): number => {
  if (!(value > 0 && Number.isFinite(value))) throw refused(`a number above 0, such as ${like},`, option, value);
  return value;
};

const refused = (expected: string, option: string, value: unknown): FoveaError =>
  invalid(expected, `option '${option}'`, value);
