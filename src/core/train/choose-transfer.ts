import type { Dataset } from '../dataset/dataset.ts';
import { FoveaError, invalid, mismatch } from '../errors.ts';
import { buildModel, type ParameterInfo } from '../model/build.ts';
import { findHead } from '../model/head.ts';
import { type MatchedWeights, matchWeights, type WeightReport } from '../model/match-weights.ts';
import type { OpenedWeights } from '../model/opened-weights.ts';
import type { ModelSpec } from '../model/spec.ts';
import { say } from '../say.ts';
import type { Recipe } from './recipe.ts';
import { expectLayers, layersNamed, type RateFactors, rateFactorOf, resolveStages, type Stage } from './stages.ts';

/** What a person may decide about weights from elsewhere, and about which layers learn when. */
export interface TransferChoices {
  /** Weights to begin with. */
  readonly start?: OpenedWeights;
  /** The head is a new one even where the file's would fit. */
  readonly newHead?: boolean;
  /** 'trunk': all but the head; or a layer: up to and including it. */
  readonly freeze?: string;
  /** From which epoch on more layers learn: those from `layer` on, or all. In the order of the epochs. */
  readonly unfreezeAt?: readonly { readonly epoch: number; readonly layer?: string }[];
  readonly rateFactors?: RateFactors;
  /** Augmented copies of each picture while layers are frozen. */
  readonly augmentedCopies?: number;
}

export interface ChosenTransfer {
  readonly recipe: Pick<Recipe, 'weights' | 'stages' | 'rateFactors' | 'augmentedCopies'>;
  /** What of `start` the model begins with. */
  readonly matched: MatchedWeights | undefined;
  readonly why: readonly string[];
}

/** @throws FoveaError when weights do not fit, layers are not there, or frozen ones would stay at random. */
export function chooseTransfer(
  model: ModelSpec,
  train: Dataset,
  epochs: number,
  given: TransferChoices,
): ChosenTransfer {
  const why: string[] = [];
  const { start, augmentedCopies } = given;
  const newHead = start && headToReplace(model, train, start, given.newHead === true);
  const matched = start && matchStart(model, start, newHead, why);
  const stages = chooseStages(model, epochs, given, why);
  const { rateFactors } = given;
  if (rateFactors) {
    checkFactors(rateFactors);
    rateFactorOf(model, rateFactors);
    const named = Object.entries(rateFactors).map(([name, factor]) => `${name} x ${factor}`);
    why.push(say`Learning rates: ${named.join(', ')}.`);
  }
  if (matched && stages) checkFrozen(model, stages, matched.report);
  why.push(...adviseOn(train, start, stages));
  if (augmentedCopies !== undefined) chooseCopies(augmentedCopies, stages, why);
  return {
    recipe: {
      ...(start ? { weights: { source: start.source, hash: start.hash, ...(newHead ? { newHead } : {}) } } : {}),
      ...(stages ? { stages } : {}),
      ...(rateFactors ? { rateFactors } : {}),
      ...(augmentedCopies === undefined ? {} : { augmentedCopies }),
    },
    matched,
    why,
  };
}

/** Below this many pictures a class a set counts as small: the largest that docs/transfer.md measures. */
const fewPerClass = 150;

/**
 * What docs/transfer.md's table says of small sets: more pictures help most; weights from elsewhere help from about 150 a
 * class on, with all layers learning at the usual rate; a frozen trunk of a small network costs accuracy and saves time.
 */
function adviseOn(train: Dataset, start: OpenedWeights | undefined, stages: readonly Stage[] | undefined): string[] {
  const perClass = Math.round(train.count / train.classNames.length);
  if (train.channels !== 3 || perClass > fewPerClass) return [];
  if (!start) {
    return [
      say`Few pictures (${perClass} a class): more of them help most. Beginning with a run on other pictures, --weights RUN, gave 0 to 4 points on TrashNet (docs/transfer.md).`,
    ];
  }
  if (stages?.length !== 1) return [];
  return [
    say`Frozen throughout: fast, but with a small network trained on other pictures it was 13 to 16 points below letting all layers learn (docs/transfer.md); --unfreeze-at 4 lets them.`,
  ];
}

/** The head's id where the file's head is not wanted: other classes, or the person says so. */
function headToReplace(model: ModelSpec, train: Dataset, start: OpenedWeights, asked: boolean): string | undefined {
  const { classNames, tensors } = start;
  const same =
    classNames?.length === train.classNames.length && classNames.every((name, i) => name === train.classNames[i]);
  if (asked || (classNames && !same)) return findHead(model);
  if (classNames) return undefined;
  // Bare weights say nothing of their classes but how many there are.
  const head = findHeadOrNone(model);
  const outputs = head === undefined ? undefined : tensors.get(`${head}.weight`)?.shape[0];
  return outputs !== undefined && outputs !== model.classes ? head : undefined;
}

function findHeadOrNone(model: ModelSpec): string | undefined {
  try {
    return findHead(model);
  } catch (error) {
    if (error instanceof FoveaError) return undefined;
    throw error;
  }
}

const parametersOf = (model: ModelSpec): readonly ParameterInfo[] =>
  buildModel(model, { training: false, inputType: 'uint8' }).parameters;

function matchStart(
  model: ModelSpec,
  { tensors, source }: OpenedWeights,
  newHead: string | undefined,
  why: string[],
): MatchedWeights {
  const matched = matchWeights(parametersOf(model), tensors, { newHead, source: `'${source}'` });
  why.push(reportText(matched.report, source, newHead, model.classes));
  return matched;
}

/** The report as sentences; names beyond the first few are counted. */
function reportText(report: WeightReport, source: string, newHead: string | undefined, classes: number): string {
  const { matched, missing, otherShape, unused, rounded } = report;
  const all = matched.length + missing.length + otherShape.length + report.newHead.length;
  const parts = [say`Weights of '${source}': ${matched.length} of the model's ${all} tensors are taken from there.`];
  if (newHead !== undefined) parts.push(say`The head '${newHead}' is new, for ${classes} classes.`);
  if (missing.length > 0) parts.push(say`Not there, so from the seed: ${some(missing)}.`);
  if (otherShape.length > 0) {
    const shapes = otherShape.map(
      ({ name, expected, received }) => `${name} (${received.join('x') || 'scalar'} for ${expected.join('x')})`,
    );
    parts.push(say`Of another shape, so from the seed: ${some(shapes)}.`);
  }
  if (unused.length > 0) parts.push(say`Not used: ${some(unused)}.`);
  if (rounded.length > 0) parts.push(say`Rounded from float64: ${some(rounded)}.`);
  return parts.join(' ');
}

const some = (names: readonly string[]): string => {
  const shown = names.slice(0, 4).map((name) => (name.length > 60 ? `${name.slice(0, 57)}...` : name));
  return names.length > 4 ? say`${shown.join(', ')} and ${names.length - 4} more` : shown.join(', ');
};

function chooseStages(
  model: ModelSpec,
  epochs: number,
  { freeze, unfreezeAt = [] }: TransferChoices,
  why: string[],
): Stage[] | undefined {
  if (freeze === undefined) {
    if (unfreezeAt.length === 0) return undefined;
    throw mismatch('layers that are frozen first', "option 'unfreeze-at'", 'none', 'Add --freeze trunk');
  }
  const stages: Stage[] = [{ epoch: 1, frozen: lastFrozen(model, freeze) }];
  for (const { epoch, layer } of unfreezeAt) {
    if (!Number.isInteger(epoch) || epoch < 2 || epoch > epochs) {
      throw invalid(`an epoch from 2 to ${epochs}`, "option 'unfreeze-at'", epoch);
    }
    const first = layer === undefined ? 0 : expectLayers(model, layer, "option 'unfreeze-at'")[0];
    stages.push({ epoch, ...(first > 0 ? { frozen: model.layers[first - 1].id } : {}) });
  }
  resolveStages(model, stages);
  const texts = stages.map(({ epoch, frozen }, i) => {
    const what = frozen === undefined ? say`all layers learn` : say`layers up to '${frozen}' are frozen`;
    return i === 0 ? what : say`from epoch ${epoch} on ${what}`;
  });
  why.push(say`Stages: ${texts.reduce((some, one) => say`${some}; ${one}`)}. Frozen batch norm keeps its statistics.`);
  return stages;
}

/** The id of the last frozen layer. */
function lastFrozen(model: ModelSpec, freeze: string): string {
  if (freeze !== 'trunk' || layersNamed(model, freeze).length > 0) {
    const found = expectLayers(model, freeze, "option 'freeze'");
    return model.layers[found[found.length - 1]].id;
  }
  const head = findHead(model);
  // Dropout before the head stays at work: only layers up to the last one with weights are meant.
  const names = parametersOf(model).map(({ name }) => name.slice(0, name.lastIndexOf('.')));
  const trunk = names.filter((id) => id !== head);
  if (trunk.length > 0) return trunk[trunk.length - 1];
  throw invalid('a model with weights before its head', "option 'freeze'", freeze, 'Nothing is there to freeze');
}

function checkFactors(factors: RateFactors): void {
  const bad = Object.entries(factors).find(([, factor]) => !(factor > 0 && Number.isFinite(factor)));
  if (bad)
    throw invalid(
      'a factor above 0',
      `option 'lr-factor', '${bad[0]}'`,
      bad[1],
      'To keep layers as they are: --freeze',
    );
}

/** Layers that never learnt anything must not be frozen for good beside ones that did. */
function checkFrozen(model: ModelSpec, stages: readonly Stage[], { missing, otherShape }: WeightReport): void {
  const [{ trunk }] = resolveStages(model, stages);
  const frozen = new Set(model.layers.slice(0, trunk).map(({ id }) => id));
  const random = [...missing, ...otherShape.map(({ name }) => name)];
  const bad = random.find((name) => frozen.has(name.slice(0, name.lastIndexOf('.'))));
  if (bad === undefined) return;
  throw mismatch(
    'weights for every frozen layer',
    'the weights',
    `none for '${bad}', which would stay at random`,
    'Freeze fewer layers, or choose the model that the weights are of',
  );
}

function chooseCopies(copies: number, stages: readonly Stage[] | undefined, why: string[]): void {
  if (!Number.isInteger(copies) || copies < 1) {
    throw invalid('a whole number of at least 1', "option 'augment-copies'", copies);
  }
  if (!stages) throw mismatch('frozen layers', "option 'augment-copies'", 'none', 'Add --freeze trunk');
  why.push(
    say`While layers are frozen, each picture is augmented in ${copies} ways, which come again: what the frozen layers make of them is computed once.`,
  );
}
