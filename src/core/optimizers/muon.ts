import type { Attributes } from '../graph/op.ts';
import type { OptionValues } from '../layers/layer.ts';
import { booleanOf, numberOf, textOf } from '../ops/checks.ts';
import { type Shape, sizeOf } from '../shape.ts';
import { adamw } from './adamw.ts';
import { orthogonalize } from './newton-schulz.ts';
import { flush, inferUpdate, type Optimizer, type ParameterRole } from './optimizer.ts';
import { sgd } from './sgd.ts';

/** A weight as the matrix that is made orthogonal: a row an input (of each tap), a column an output. */
export function matrixOf(shape: Shape): { rows: number; columns: number } {
  const columns = shape[shape.length - 1];
  return { rows: sizeOf(shape) / columns, columns };
}

/** By what an orthogonal matrix is multiplied, so that weights of all shapes move alike. */
export function muonScale(attributes: Attributes, shape: Shape): number {
  const { rows, columns } = matrixOf(shape);
  const scale = textOf(attributes, 'scale', 'original');
  if (scale === 'none') return 1;
  if (scale === 'adamw') return 0.2 * Math.sqrt(Math.max(rows, columns));
  return Math.sqrt(Math.max(1, columns / rows));
}

/** What other parameters than hidden matrices are updated by. */
const others = { adamw, sgd } as const;

/**
 * Depthwise filters see one channel each: there is nothing to be orthogonal to. The first layer and the head work in
 * pixels and classes, which have meanings of their own (Jordan 2024).
 */
const isHiddenMatrix = ({ fileShape, first, head, decay }: ParameterRole): boolean =>
  decay && !first && !head && fileShape.length >= 2 && fileShape[1] > 1;

function othersOf(options: OptionValues): { optimizer: Optimizer; options: OptionValues; rate: number } {
  const optimizer = others[options.others as keyof typeof others];
  const defaults = Object.fromEntries(
    Object.entries(optimizer.options).flatMap(([name, { default: value }]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
  const momentum = numberOf(options, 'othersMomentum', 0.9);
  const named: OptionValues =
    optimizer === sgd ? { momentum, nesterov: momentum > 0 } : { beta1: momentum, beta2: 0.95 };
  const weightDecay = numberOf(options, 'othersWeightDecay', 0);
  return { optimizer, options: { ...defaults, ...named, weightDecay }, rate: numberOf(options, 'othersRate', 0.1) };
}

/**
 * Muon (Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks"; the form of airbench with
 * `normalize`): the momentum of a hidden convolution or linear weight is brought near the closest orthogonal matrix by
 * a few steps of a Newton-Schulz iteration. Its matrix is an output's inputs a row, as in the authors' code, which the
 * engine holds transposed: the iteration does not mind. Momentum is SGD's (not dampened), whose scale the iteration
 * takes away. Scalars: learningRate. State: momentum.
 */
export const muon: Optimizer = {
  name: 'muon',
  doc: 'Makes the step of each hidden layer orthogonal, so that it learns in all directions at once; other weights go by AdamW or SGD.',
  options: {
    momentum: { type: 'number', doc: 'Share of the last update that goes on.', default: 0.95, minimum: 0, maximum: 1 },
    nesterov: { type: 'boolean', doc: 'Looks ahead along the momentum (Nesterov).', default: true },
    steps: { type: 'integer', doc: 'Steps of the iteration.', default: 5, minimum: 1, maximum: 20 },
    scale: {
      type: 'choice',
      choices: ['original', 'adamw', 'none'],
      default: 'original',
      doc: "Scales a step: 'original' by √(outputs / inputs) where that is above 1; 'adamw' to the size of AdamW's; or not at all.",
    },
    normalize: {
      type: 'boolean',
      default: false,
      doc: 'Keeps the norm of each hidden weight at √outputs, as airbench does; for layers before a normalisation.',
    },
    weightDecay: { type: 'number', doc: 'Strength with which weights shrink at each step.', default: 0, minimum: 0 },
    others: {
      type: 'choice',
      choices: Object.keys(others),
      default: 'adamw',
      doc: 'What updates biases, norms, the first layer and the head.',
    },
    othersRate: {
      type: 'number',
      default: 0.1,
      minimum: 0,
      doc: 'Their learning rate, as a share of that of the hidden weights.',
    },
    othersMomentum: {
      type: 'number',
      default: 0.9,
      minimum: 0,
      maximum: 1,
      doc: 'Their momentum (with SGD, Nesterov), or the beta1 of AdamW.',
    },
    othersWeightDecay: { type: 'number', default: 0, minimum: 0, doc: 'Their weight decay.' },
  },
  route(options, role) {
    return isHiddenMatrix(role) ? undefined : othersOf(options);
  },
  states: () => ['momentum'],
  scalars: (_options, learningRate) => [learningRate],
  update: {
    name: 'muonUpdate',
    mutates: [0, 3],
    infer: (inputs, _attributes, node) => inferUpdate('muonUpdate', node, inputs, 1, 1),
    reference({ node, inputs: [parameter, gradient, [learningRate], momentum] }) {
      const { attributes } = node;
      const { shape } = node.inputs[0];
      const { rows, columns } = matrixOf(shape);
      const share = numberOf(attributes, 'momentum', 0.95);
      const nesterov = booleanOf(attributes, 'nesterov', true);
      const direction = new Float64Array(parameter.length);
      for (let i = 0; i < parameter.length; i++) {
        momentum[i] = flush(share * momentum[i] + gradient[i]);
        direction[i] = nesterov ? gradient[i] + share * momentum[i] : momentum[i];
      }
      const update = orthogonalize(direction, rows, columns, numberOf(attributes, 'steps', 5));
      const shrink = 1 - learningRate * numberOf(attributes, 'weightDecay', 0);
      const factor = booleanOf(attributes, 'normalize', false) ? normalizing(parameter, columns) : 1;
      const step = learningRate * muonScale(attributes, shape);
      for (let i = 0; i < parameter.length; i++) parameter[i] = factor * shrink * parameter[i] - step * update[i];
    },
  },
};

/** By what a weight is multiplied so that its norm is √outputs; weights of zeros stay. */
function normalizing(values: ArrayLike<number>, outputs: number): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += values[i] * values[i];
  return squares > 0 ? Math.sqrt(outputs / squares) : 1;
}
