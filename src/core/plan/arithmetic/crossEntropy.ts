import { channelsOf, numberOf } from '../../ops/checks.ts';
import type { Arithmetic, ArithmeticRequest } from './arithmetic.ts';
import {
  apply,
  because,
  difference,
  double,
  type Expression,
  element,
  named,
  number,
  product,
  quotient,
  single,
  sum,
} from './expression.ts';
import { fround } from './float32.ts';
import { laneSum } from './lanes.ts';
import { largestOf, powersOf } from './softmax.ts';

/**
 * Softmax cross-entropy: powers and their sum in float32, all else in float64 (kernels/loss.ts). A factor of 1 and a term
 * of 0 change no bit and are left out.
 */
interface Settings {
  readonly classes: number;
  readonly n: number;
  /** ε of label smoothing; 0: none. */
  readonly smoothing: number;
  readonly reduction: unknown;
  /** Of an image; undefined where it counts nothing. */
  labelOf(image: number): number | undefined;
  /** e · the class's weight, where classes have weights. */
  weighted(c: number, e: Expression): Expression;
  /** The class's weight. */
  weightOf(c: number): Expression;
  readonly hasWeights: boolean;
}

/** @param given inputs of the node that come after the class weights. */
function settingsOf({ node: { inputs, attributes }, n, read }: ArithmeticRequest, given: number): Settings {
  const hasWeights = inputs.length - given === 3;
  const weightOf = (c: number): Expression => (hasWeights ? element(2, c) : number(1));
  return {
    classes: channelsOf(inputs[0]),
    n,
    smoothing: fround(numberOf(attributes, 'labelSmoothing', 0)),
    reduction: attributes.reduction,
    labelOf(image) {
      const label = read(1, image);
      return label === attributes.ignoreIndex ? undefined : label;
    },
    weighted: (c, e) => (hasWeights ? product(weightOf(c), e) : e),
    weightOf,
    hasWeights,
  };
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const elementsOf = (input: number, first: number, count: number): Expression[] =>
  range(count).map((i) => element(input, first + i));

/** A sum of one is that one. */
const sumOf = (terms: readonly Expression[]): Expression => (terms.length === 1 ? terms[0] : sum(terms));

const epsilon = ({ smoothing }: Settings): Expression => number(smoothing, 'label smoothing');
const kept = (settings: Settings): Expression =>
  named('what the label keeps', difference(number(1), epsilon(settings)));
const spread = (settings: Settings): Expression =>
  named('what each class gets', quotient(epsilon(settings), number(settings.classes, 'classes')));

/** -log p of each class of an image. */
function surprisesOf({ classes }: Settings, image: number): Expression[] {
  const row = elementsOf(0, image * classes, classes);
  const largest = single(largestOf(row));
  const total = named('sum of the powers', laneSum(powersOf(row, largest)));
  const rest = named('log of the sum', apply('log', single(total)));
  return row.map((x, c) => named(`-log p of class ${c}`, sum([difference(largest, x), rest])));
}

/** Loss of an image with a label, in float32. */
function lossOfLabel(settings: Settings, image: number): Expression {
  const label = settings.labelOf(image);
  if (label === undefined) return number(0, 'its label is ignored');
  const { classes, smoothing, weighted } = settings;
  const surprises = surprisesOf(settings, image);
  const own = weighted(label, surprises[label]);
  if (smoothing === 0) return because(`the label is class ${label}`, double(own));
  const uniform = named('all classes alike', sum(range(classes).map((c) => weighted(c, surprises[c]))));
  return because(
    `the label is class ${label}`,
    double(sum([product(kept(settings), own), product(spread(settings), uniform)])),
  );
}

/** w_c ((1 - ε) target_c + ε / classes): what a class counts for where targets are shares. */
function shareOf(settings: Settings, image: number, c: number): Expression {
  const target = element(1, image * settings.classes + c);
  if (settings.smoothing === 0) return settings.weighted(c, target);
  const share = sum([product(kept(settings), target), spread(settings)]);
  return settings.weighted(c, named(`share of class ${c}`, share));
}

/** Loss of an image with shares of classes, in float32. */
function lossOfShares(settings: Settings, image: number): Expression {
  const surprises = surprisesOf(settings, image);
  return double(sum(surprises.map((surprise, c) => product(shareOf(settings, image, c), surprise))));
}

/** What 'mean' divides by: the weights of all labels that count. */
function labelsTotal({ n, labelOf, weightOf, hasWeights }: Settings): Expression {
  const labels = range(n).flatMap((image) => labelOf(image) ?? []);
  if (!hasWeights) return number(labels.length, 'pictures');
  return named('weights of the labels', sum([number(0, 'start'), ...labels.map(weightOf)]));
}

const reduced = (
  settings: Settings,
  lossOf: (settings: Settings, image: number) => Expression,
  total: (settings: Settings) => Expression,
  image: number,
): Expression => {
  const { n, reduction } = settings;
  if (reduction === 'none') return lossOf(settings, image);
  const losses = range(n).map((i) =>
    named(n === 1 ? 'loss of the picture' : `loss of picture ${i + 1}`, lossOf(settings, i)),
  );
  const all = sumOf(losses);
  return double(reduction === 'mean' ? quotient(all, total(settings)) : all);
};

const pictures = ({ n }: Settings): Expression => number(n, 'pictures');

const softmaxCrossEntropy: Arithmetic = {
  op: 'softmaxCrossEntropy',
  formula: '-log p of the label, p = e^x / Σ e^x',
  expressionOf: (request) => reduced(settingsOf(request, 0), lossOfLabel, labelsTotal, request.element),
};

const softmaxCrossEntropySoft: Arithmetic = {
  op: 'softmaxCrossEntropySoft',
  formula: 'Σ share · -log p, over the classes, p = e^x / Σ e^x',
  expressionOf: (request) => reduced(settingsOf(request, 0), lossOfShares, pictures, request.element),
};

/** scale (power · factor - target), factor = targets / Σ powers. */
function logitGradient(
  settings: Settings,
  { node, element: at }: ArithmeticRequest,
  { targets, target, total }: { readonly [part in 'targets' | 'target' | 'total']: Expression },
): Expression {
  const { classes, reduction } = settings;
  const image = Math.floor(at / classes);
  const powers = powersOf(elementsOf(0, image * classes, classes));
  const factor = quotient(targets, single(named('sum of the powers', laneSum(powers))));
  const gradient = element(node.inputs.length - 1, reduction === 'none' ? image : 0);
  const scale = reduction === 'mean' ? named('gradient of a picture', quotient(gradient, total)) : gradient;
  const power = single(named('power', powers[at % classes]));
  return double(
    product(scale, difference(named('probability', product(power, named('factor', factor))), named('target', target))),
  );
}

const softmaxCrossEntropyBackward: Arithmetic = {
  op: 'softmaxCrossEntropyBackward',
  formula: 'gradient (p - target), p = e^x / Σ e^x',
  expressionOf(request) {
    const settings = settingsOf(request, 1);
    const { classes, smoothing, weighted, weightOf, hasWeights } = settings;
    const c = request.element % classes;
    const label = settings.labelOf(Math.floor(request.element / classes));
    if (label === undefined) return number(0, 'its label is ignored');
    const isLabel = c === label;
    const told = (target: Expression): Expression => because(`the label is class ${label}`, target);
    const total = labelsTotal(settings);
    if (smoothing === 0) {
      const target = isLabel ? weightOf(label) : number(0);
      return logitGradient(settings, request, { targets: weightOf(label), target: told(target), total });
    }
    const own = named('share of the label', weighted(label, kept(settings)));
    const uniform = spread(settings);
    const weights = hasWeights
      ? named('weights of all classes', sum(range(classes).map(weightOf)))
      : number(classes, 'classes');
    const share = weighted(c, uniform);
    return logitGradient(settings, request, {
      targets: named('all targets', sum([own, product(uniform, weights)])),
      target: told(isLabel ? sum([share, own]) : share),
      total,
    });
  },
};

const softmaxCrossEntropySoftBackward: Arithmetic = {
  op: 'softmaxCrossEntropySoftBackward',
  formula: 'gradient (p - share), p = e^x / Σ e^x',
  expressionOf(request) {
    const settings = settingsOf(request, 1);
    const { classes } = settings;
    const image = Math.floor(request.element / classes);
    const shares = range(classes).map((c) => shareOf(settings, image, c));
    return logitGradient(settings, request, {
      targets: named('all targets', sum(shares)),
      target: shares[request.element % classes],
      total: pictures(settings),
    });
  },
};

export const crossEntropyArithmetic: readonly Arithmetic[] = [
  softmaxCrossEntropy,
  softmaxCrossEntropyBackward,
  softmaxCrossEntropySoft,
  softmaxCrossEntropySoftBackward,
];
