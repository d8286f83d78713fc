import { booleanOf, numberOf } from '../../ops/checks.ts';
import { sizeOf } from '../../shape.ts';
import { type Argument, address, addressOr0, type Lowering, type LoweringContext } from '../lowering.ts';
import { elementChunks } from './cuts.ts';
import { muon } from './muon.ts';
import { callNorm } from './norm-of.ts';

const float = ({ node }: LoweringContext, name: string, fallback?: number): Argument => ({
  float: numberOf(node.attributes, name, fallback),
});

/** 1 - attribute, computed before it is rounded. */
const rest = ({ node }: LoweringContext, name: string, fallback?: number): Argument => ({
  float: 1 - numberOf(node.attributes, name, fallback),
});

const sgd: Lowering = {
  op: 'sgdUpdate',
  lower(context) {
    const [parameter, gradient, scalars, momentum] = context.node.inputs;
    const places = [address(parameter), address(gradient), address(scalars)];
    const elements = sizeOf(parameter.shape);
    const decay = float(context, 'weightDecay', 0);
    if (!momentum) {
      context.call('sgd_update', [...places, elements, decay], elementChunks(parameter));
      return;
    }
    const nesterov = booleanOf(context.node.attributes, 'nesterov', false) ? 1 : 0;
    const words = [address(momentum), elements, decay, float(context, 'momentum', 0), nesterov];
    context.call('sgd_update_momentum', [...places, ...words], elementChunks(parameter));
  },
};

/** Adam, or AdamW where weights decay by themselves (`decoupled`). */
const adam = (op: string, decoupled: boolean): Lowering => ({
  op,
  lower(context) {
    const [parameter, gradient, scalars, mean, square, largestSquare] = context.node.inputs;
    const decay = float(context, 'weightDecay', 0);
    context.call(
      'adam_update',
      [
        ...[parameter, gradient, scalars, mean, square].map(address),
        addressOr0(largestSquare),
        sizeOf(parameter.shape),
        rest(context, 'beta1', 0.9),
        float(context, 'beta2', 0.999),
        rest(context, 'beta2', 0.999),
        float(context, 'eps', 1e-8),
        ...(decoupled ? [{ float: 0 }, decay] : [decay, { float: 0 }]),
      ],
      elementChunks(parameter),
    );
  },
});

const rmsprop: Lowering = {
  op: 'rmspropUpdate',
  lower(context) {
    const { attributes, inputs } = context.node;
    const [parameter, gradient, scalars, square, ...others] = inputs;
    const mean = booleanOf(attributes, 'centered', false) ? others[0] : undefined;
    const momentum = numberOf(attributes, 'momentum', 0) !== 0 ? others[others.length - 1] : undefined;
    context.call(
      'rmsprop_update',
      [
        ...[parameter, gradient, scalars, square].map(address),
        addressOr0(mean),
        addressOr0(momentum),
        sizeOf(parameter.shape),
        float(context, 'alpha', 0.99),
        rest(context, 'alpha', 0.99),
        float(context, 'eps', 1e-8),
        float(context, 'weightDecay', 0),
        float(context, 'momentum', 0),
      ],
      elementChunks(parameter),
    );
  },
};

const lion: Lowering = {
  op: 'lionUpdate',
  lower(context) {
    const [parameter, gradient, scalars, momentum] = context.node.inputs;
    const places = [parameter, gradient, scalars, momentum].map(address);
    const means = [float(context, 'beta1', 0.9), rest(context, 'beta1', 0.9)];
    const memory = [float(context, 'beta2', 0.99), rest(context, 'beta2', 0.99)];
    const words = [...places, sizeOf(parameter.shape), ...means, ...memory, float(context, 'weightDecay', 0)];
    context.call('lion_update', words, elementChunks(parameter));
  },
};

const gradientNorm: Lowering = {
  op: 'gradientNorm',
  lower(context) {
    const parts = context.node.inputs.map((input) => ({ at: address(input), elements: sizeOf(input.shape) }));
    callNorm(context, parts, address(context.outputs[0]));
  },
};

export const optimizerLowerings: readonly Lowering[] = [
  sgd,
  adam('adamUpdate', false),
  adam('adamwUpdate', true),
  rmsprop,
  lion,
  muon,
  gradientNorm,
  {
    op: 'clipScale',
    lower: (context) =>
      context.call(
        'clipScale_forward',
        [address(context.node.inputs[0]), address(context.outputs[0]), float(context, 'maxNorm')],
        1,
      ),
  },
  {
    op: 'scaleInPlace',
    lower({ node: { inputs }, call }) {
      const [target, scale] = inputs;
      const elements = sizeOf(target.shape);
      call('scaleInPlace_forward', [address(target), address(scale), elements], elementChunks(target));
    },
  },
  {
    op: 'clipValue',
    lower(context) {
      const [target] = context.node.inputs;
      const words = [address(target), sizeOf(target.shape), float(context, 'limit')];
      context.call('clipValue_forward', words, elementChunks(target));
    },
  },
  {
    op: 'emaUpdate',
    lower({ node: { inputs }, call }) {
      const [average, parameter, shares] = inputs;
      const words = [address(average), address(parameter), address(shares), sizeOf(average.shape)];
      call('ema_update', words, elementChunks(average));
    },
  },
];
