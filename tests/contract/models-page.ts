/** The page docs/models.md, from the list of presets: nothing in it is typed twice. */
import { readFileSync } from 'node:fs';
import { buildPreset, type Preset, presets } from '../../src/core/model/presets/index.ts';
import type { LayerSpec, ModelSpec } from '../../src/core/model/spec.ts';
import { summarize } from '../../src/core/model/summary.ts';
import type { Shape } from '../../src/core/shape.ts';

interface Counts {
  readonly shapes: Readonly<Record<string, { readonly parameters: number }>>;
  readonly models: Readonly<Record<string, { readonly parameters: number }>>;
}
const counts: Counts = JSON.parse(readFileSync(new URL('../golden/data/presets.json', import.meta.url), 'utf8'));

/** What papers say where torchvision has no such model. */
const published: Readonly<Record<string, string>> = {
  'tiny-vgg': 'CNN Explainer',
  resnet20: '0.27 M (He et al. 2016)',
  resnet32: '0.46 M (He et al. 2016)',
  resnet56: '0.85 M (He et al. 2016)',
  airbench94: '1.97 M (Jordan 2024)',
  'wide-resnet-16-4': '2.7 M (Zagoruyko 2016)',
  'densenet-bc-100-12': '0.8 M (Huang et al. 2017)',
};

const grey: ReadonlySet<string> = new Set(['linear', 'mlp', 'lenet5', 'mnist-cnn']);

/** The pictures that a model was made for. */
export function usualInput({ name, minimumSize }: Preset): Shape {
  if (grey.has(name)) return [28, 28, 1];
  if (name === 'tiny-vgg') return [64, 64, 3];
  return minimumSize >= 25 || name === 'vgg11-bn' ? [224, 224, 3] : [32, 32, 3];
}

/** torchvision's count of the same model, or else PyTorch's of one with the same structure. */
export function countedElsewhere(name: string, classes: number): number | undefined {
  const torchvision = counts.shapes[`${name === 'vgg11-bn' ? 'vgg11_bn' : name} ${classes}`];
  if (torchvision) return torchvision.parameters;
  return classes === 10 ? counts.models[name]?.parameters : undefined;
}

/** Without squeeze and excite, through which every position sees a little of the whole picture. */
function withoutGates(spec: ModelSpec): ModelSpec {
  let layers: readonly LayerSpec[] = spec.layers.map((layer, i) => ({
    ...layer,
    inputs: layer.inputs ?? [i === 0 ? 'input' : spec.layers[i - 1].id],
  }));
  const replaced = new Map<string, string>();
  for (const { id, type, inputs } of layers) if (type === 'multiply') replaced.set(id, inputs![0]);
  const through = (id: string): string => (replaced.has(id) ? through(replaced.get(id)!) : id);
  layers = layers
    .filter(({ id }) => !replaced.has(id))
    .map((layer) => ({ ...layer, inputs: layer.inputs!.map(through) }));
  // What only a gate read is read by nobody now.
  for (;;) {
    const read = new Set(layers.flatMap(({ inputs }) => inputs!));
    const left = layers.filter(({ id }, i) => read.has(id) || i === layers.length - 1);
    if (left.length === layers.length) return { ...spec, layers };
    layers = left;
  }
}

function receptiveField(spec: ModelSpec): string {
  const { layers } = summarize(withoutGates(spec));
  const last = layers
    .filter(({ receptiveField: field, outputShape }) => !field.whole && outputShape.length === 3)
    .at(-1);
  if (!last) return 'all';
  const { size, stride } = last.receptiveField;
  return `${size[0]} every ${stride[0]}`;
}

const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
function macs(value: number): string {
  const [unit, divisor] = value >= 1e9 ? ['G', 1e9] : value >= 1e6 ? ['M', 1e6] : ['k', 1e3];
  return `${(value / divisor).toPrecision(3)} ${unit}`;
}

function row(preset: Preset): string {
  const input = usualInput(preset);
  const summaryOf = (classes: number) => summarize(buildPreset(preset, { input, classes }));
  const [ten, thousand] = [10, 1000].map(summaryOf);
  const elsewhere =
    counts.shapes[`${preset.name === 'vgg11-bn' ? 'vgg11_bn' : preset.name} 1000`] !== undefined
      ? `torchvision ${grouped(countedElsewhere(preset.name, 1000)!)}`
      : (published[preset.name] ?? '');
  const cells = [
    `\`${preset.name}\``,
    input.join('x'),
    preset.minimumSize,
    grouped(ten.parameters),
    grouped(thousand.parameters),
    elsewhere,
    macs(ten.macs),
    receptiveField(buildPreset(preset, { input, classes: 10 })),
  ];
  return `| ${cells.join(' | ')} |`;
}

export const modelsPage = (): string => `# Models

${presets.length} networks are known by name: \`fovea train --model NAME\`, \`fovea model show NAME\`. Each takes grey and colour pictures of any size from its smallest on, and any number of classes.

| model | when to choose it |
|---|---|
${presets.map(({ name, doc }) => `| \`${name}\` | ${doc} |`).join('\n')}

## Width, depth and work

Parameters are trained numbers. "Elsewhere": torchvision's count for 1,000 classes, or the one a paper gives; both are checked by tests, as are names and shapes of every tensor of torchvision's models. Multiply-adds (MACs) are those of one picture of the size given, for 10 classes. The last column: how many pixels, across, one position of the last feature map sees as if the picture had no edge, and how many pixels lie between two positions; squeeze-and-excite gates, through which every position sees a little of everything, are left out.

| model | pictures | smallest | parameters, 10 classes | 1,000 classes | elsewhere | MACs | sees |
|---|---|---:|---:|---:|---|---:|---:|
${presets.map(row).join('\n')}

## What differs from the original

- Parameters and running statistics have the names of torchvision's \`state_dict\` where torchvision has the model, so a file of its weights in safetensors loads as it is.
- No model is changed for small pictures except \`vgg11-bn\`, which below 224x224 has the usual CIFAR form: one linear layer on the mean of each channel instead of three with 120 million weights. For small pictures take those made for them (\`resnet20\` to \`densenet-bc-100-12\`): the others make a picture 32 times smaller.
- Weights start as in the paper or torchvision: by fan-out for residual and mobile nets, normal with 0.01 for the classifiers of VGG and MobileNet and with 0.02 for ConvNeXt, uniform for EfficientNet's classifier and SqueezeNet. The fan-out of a depthwise convolution counts its groups, which torchvision forgets. The blocks of \`resnet34\` and \`resnet50\` begin as the identity (the scale of their last batch norm starts at 0; Goyal et al. 2017), in torchvision an option.
- \`airbench94\` is the network, with its whitening computed from the training pictures, but not the record's training: no bias rate 64 times as high, no lookahead, no test-time augmentation.
- \`resnet20\`, \`resnet32\` and \`resnet56\` have 1x1 convolutions as shortcuts where the channels change (option B), as most PyTorch versions do.
`;
