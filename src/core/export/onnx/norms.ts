import { numberOption } from '../../layers/options.ts';
import { float, int, ints, type OnnxContext, type OnnxForm } from './form.ts';

/** Scale and shift; ones and zeros where the layer learns none. */
function affine({ layer, weight, constant }: OnnxContext): [string, string] {
  const { shape } = layer.output;
  const channels = shape[shape.length - 1];
  const fill = (suffix: string, value: number): string =>
    constant(suffix, [channels], new Array<number>(channels).fill(value));
  return [weight('weight') ?? fill('ones', 1), weight('bias') ?? fill('zeros', 0)];
}

export const batchNorm: OnnxForm = (context) => {
  const { layer, inputs, node, weight } = context;
  const statistics = [weight('running_mean')!, weight('running_var')!];
  const epsilon = float(numberOption(layer.options, 'eps'));
  return node('BatchNormalization', [inputs[0], ...affine(context), ...statistics], { epsilon });
};

export const groupNorm: OnnxForm = (context) => {
  const { layer, inputs, node } = context;
  return node('GroupNormalization', [inputs[0], ...affine(context)], {
    num_groups: int(numberOption(layer.options, 'groups')),
    epsilon: float(numberOption(layer.options, 'eps')),
  });
};

/** Over the channels, which are last only in a row: a feature map is turned there and back. */
export const layerNorm: OnnxForm = (context) => {
  const { layer, inputs, node } = context;
  const attributes = { axis: int(-1), epsilon: float(numberOption(layer.options, 'eps')) };
  if (layer.output.shape.length === 1) {
    return node('LayerNormalization', [inputs[0], ...affine(context)], attributes);
  }
  const last = node('Transpose', inputs, { perm: ints([0, 2, 3, 1]) }, 'channels_last');
  const normalised = node('LayerNormalization', [last, ...affine(context)], attributes, 'normalised');
  return node('Transpose', [normalised], { perm: ints([0, 3, 1, 2]) });
};
