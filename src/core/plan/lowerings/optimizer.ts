import { booleanOf, numberOf } from '../../ops/checks.ts';
import { sizeOf } from '../../shape.ts';
import { type Argument, address, addressOr0, type Lowering, type LoweringContext } from '../lowering.ts';
import { elementChunks } from './cuts.ts';

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

const gradientNorm: Lowering = {
  op: 'gradientNorm',
  lower({ node, outputs: [norm], scratch, call }) {
    const chunks = node.inputs.map((input) => elementChunks(input)(1));
    const count = chunks.reduce((sum, chunk) => sum + chunk, 0);
    const partials = scratch(count * 8);
    let first = 0;
    node.inputs.forEach((input, i) => {
      call('gradientNorm_squares', [address(input), partials, first, sizeOf(input.shape)], chunks[i]);
      first += chunks[i];
    });
    call('gradientNorm_combine', [partials, address(norm), count], 1);
  },
};

export const optimizerLowerings: readonly Lowering[] = [
  sgd,
  adam('adamUpdate', false),
  adam('adamwUpdate', true),
  rmsprop,
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
    op: 'emaUpdate',
    lower(context) {
      const [average, parameter] = context.node.inputs;
      const places = [address(average), address(parameter), sizeOf(average.shape)];
      const words = [float(context, 'decay'), rest(context, 'decay')];
      context.call('ema_update', [...places, ...words], elementChunks(average));
    },
  },
];
