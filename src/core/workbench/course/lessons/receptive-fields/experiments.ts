import { generateShapes } from '../../../../dataset/builtin/shapes.ts';
import { pictureAt } from '../../../../dataset/dataset.ts';
import { drawPanel } from '../../../../explain/draw/draw.ts';
import { receptiveField } from '../../../../explain/methods/receptiveField.ts';
import { openExplainer } from '../../../../explain/session.ts';
import { withChannels } from '../../../../image/channels.ts';
import type { Picture } from '../../../../image/picture.ts';
import { resize } from '../../../../image/resize.ts';
import { buildPreset } from '../../../../model/presets/index.ts';
import { type LayerSummary, summarize } from '../../../../model/summary.ts';
import type { CurvesFigure, TableFigure } from '../../figure.ts';
import type { Experiment } from '../../lesson.ts';
import { untrained } from '../../untrained.ts';
import { withEngine } from '../../with-engine.ts';
import { convolutionsOf, type Stack, stackOf } from './stack.ts';

const side = 64;

const drawnShape = (index: number, size: number): Picture =>
  resize(pictureAt(generateShapes({ train: 10, test: 1, seed: 1 }).train!, index), size, size);

/** Layer by layer, what a unit sees and how far apart the fields of two neighbours are. */
export function fieldTable(title: string, layers: readonly LayerSummary[]): TableFigure {
  const last = layers[layers.length - 1].receptiveField;
  return {
    kind: 'table',
    title,
    columns: ['layer', 'gives', 'a unit sees', 'neighbours are apart by'],
    rows: layers.map(({ id, outputShape, receptiveField: { size, stride, whole } }) => [
      id,
      outputShape.join(' x '),
      whole ? 'all of the picture' : `${size[0]} x ${size[1]} pixels`,
      whole ? '' : `${stride[0]} ${stride[0] === 1 ? 'pixel' : 'pixels'}`,
    ]),
    words: last.whole
      ? 'At the end a unit sees the whole picture.'
      : `In the last layer a unit sees ${last.size[0]} x ${last.size[1]} pixels.`,
  };
}

const fieldCurve = (layers: readonly LayerSummary[]): CurvesFigure => ({
  kind: 'curves',
  title: 'How the field grows',
  x: 'layer',
  y: 'pixels seen along a row',
  series: [{ name: 'receptive field', points: layers.map(({ receptiveField }, i) => [i + 1, receptiveField.size[1]]) }],
  words: `${layers.map(({ receptiveField }) => receptiveField.size[1]).join(', ')} pixels, layer by layer.`,
});

export const stackOptions = {
  layers: { type: 'integer', minimum: 1, maximum: 8, default: 4, doc: 'How many convolutions.' },
  kernel: { type: 'integer', minimum: 1, maximum: 7, default: 3, doc: 'Their kernel size.' },
  halvings: {
    type: 'integer',
    minimum: 0,
    maximum: 4,
    default: 0,
    doc: 'How many of them, from the first, have stride 2.',
  },
  dilation: {
    type: 'integer',
    minimum: 1,
    maximum: 4,
    default: 1,
    doc: 'Pixels from one weight of a kernel to the next.',
  },
} as const;

export const grow: Experiment = {
  id: 'grow',
  title: 'Grow a field',
  doc: 'The frame shows what the unit in the middle of the last layer can see. Change one thing at a time.',
  options: stackOptions,
  pace: 'instant',
  async run(_host, options) {
    const layers = convolutionsOf(stackOf(options as unknown as Stack), side);
    const { size, visible, clipped } = layers[layers.length - 1].receptiveField;
    const [top, bottom] = visible.rows;
    const [left, right] = visible.columns;
    const picture = drawPanel({
      kind: 'picture',
      title: '',
      picture: drawnShape(2, side),
      box: { top, left, bottom, right },
    });
    return {
      figures: [
        {
          kind: 'pictures',
          title: 'What the unit in the middle can see',
          columns: 1,
          pictures: [{ picture, caption: `${size[0]} x ${size[1]}` }],
          words: `Rows ${top} to ${bottom} and columns ${left} to ${right} of a picture of ${side} x ${side}${clipped ? '; the field reaches over the edge' : ''}.`,
        },
        fieldCurve(layers),
        fieldTable('Layer by layer', layers),
      ],
      numbers: { field: size[0], map: layers[layers.length - 1].outputShape[0] },
    };
  },
};

export const networks: Experiment = {
  id: 'networks',
  title: 'Fields of known networks',
  doc: 'LeNet-5 was made for digits, the others for photos. See where a unit first sees the whole of a digit.',
  options: {
    network: { type: 'choice', choices: ['lenet5', 'tiny-vgg', 'resnet20'], default: 'lenet5', doc: 'Which network.' },
  },
  pace: 'instant',
  async run(_host, options) {
    const name = options.network as string;
    const spec = buildPreset(name, { input: name === 'lenet5' ? [28, 28, 1] : [32, 32, 3], classes: 10 });
    const { layers } = summarize(spec);
    const shown = layers.filter(({ type }) => /conv2d|pool|Pool|linear/.test(type));
    const convolutions = layers.filter(({ type }) => type === 'conv2d');
    const [field] = convolutions[convolutions.length - 1].receptiveField.size;
    return {
      figures: [fieldTable(`Fields of ${name}`, shown)],
      numbers: { field },
    };
  },
};

const effectiveSide = 41;

export const effective: Experiment = {
  id: 'effective',
  title: 'What a unit really looks at',
  doc: 'Convolutions of 3 x 3 with random weights: the gradient of the middle unit by each pixel tells how much that pixel counts.',
  options: {
    layers: { type: 'integer', minimum: 1, maximum: 12, default: 8, doc: 'How many convolutions.' },
    activation: { type: 'boolean', default: false, doc: 'Whether relu follows each.' },
    seed: { type: 'integer', minimum: 0, maximum: 1000, default: 1, doc: 'Of the random weights.' },
  },
  pace: 'instant',
  run: (host, options) =>
    withEngine(host, async (engine) => {
      const stack = { layers: options.layers as number, kernel: 3, halvings: 0, dilation: 1 };
      const draft = stackOf(stack, options.activation as boolean);
      const explainer = openExplainer(
        engine,
        untrained(draft, [effectiveSide, effectiveSide, 1], options.seed as number),
      );
      const layer = explainer.layers.filter(({ type }) => type === 'conv2d').at(-1)!;
      const middle = Math.floor(effectiveSide / 2);
      const picture = explainer.prepare(withChannels(drawnShape(2, effectiveSide), 1));
      const unit = { layer: layer.id, channel: 0, y: middle, x: middle };
      const { panels, numbers } = await receptiveField.run(explainer, picture, { unit });
      const { area, effective: looked } = numbers;
      return {
        figures: [
          {
            kind: 'pictures',
            title: 'Can see, and looks at',
            columns: 2,
            pictures: panels.map((panel) => ({ picture: drawPanel(panel), caption: panel.title })),
            words: `The unit can see ${area} pixels. Of all its gradient 95.5 % lies on ${looked} of them, ${Math.round((100 * looked) / area)} %.`,
          },
        ],
        numbers: { area, looked, share: looked / area },
      };
    }),
};
