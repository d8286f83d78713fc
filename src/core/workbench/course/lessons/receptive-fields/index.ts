import type { Lesson } from '../../lesson.ts';
import { exercise } from './exercise.ts';
import { effective, grow, networks } from './experiments.ts';

const fieldOf = async (
  host: Parameters<typeof grow.run>[0],
  layers: number,
  kernel: number,
  halvings: number,
  dilation: number,
): Promise<number> => (await grow.run(host, { layers, kernel, halvings, dilation })).numbers.field;

export const receptiveFields: Lesson = {
  number: 5,
  id: 'receptive-fields',
  title: 'Receptive fields',
  aims: [
    'say what a unit deep in a network can see of the picture',
    'make that field as large as a task needs, in four ways',
    'tell what a unit can see from what it looks at',
  ],
  minutes: 25,
  blocks: [
    {
      kind: 'text',
      text: 'In 1958 two researchers showed patterns to a cat and listened to a single nerve cell in its brain. For hours little happened. Then the edge of a glass slide moved across the screen, and the cell fired. [Hubel and Wiesel](source:hubel1962) found that such a cell looks at one small part of what the eye sees, its [receptive field](term:receptive-field), and wants an edge of one direction there: a *simple cell*. Others, *complex cells*, want the same edge anywhere in a somewhat larger field. In [monkeys](source:hubel1968) they found the same.',
    },
    {
      kind: 'text',
      text: '[Fukushima](source:fukushima1980) made a network of it in 1980, the Neocognitron: layers that look for a pattern at every place, each followed by a layer that does not mind if it lies a little aside, and so on, several times. In today’s words: [convolution](term:convolution), [pooling](term:pooling), convolution, pooling. [LeCun and others](source:lecun1998) trained such networks by gradients, all layers at once, and read the sums on cheques with them. Their LeNet-5 is still built.',
    },
    { kind: 'experiment', experiment: networks },
    {
      kind: 'claim',
      claim: {
        text: 'A unit of the second convolution of LeNet-5 sees 14 x 14 pixels: half of a digit’s picture each way.',
        measure: async (host) => (await networks.run(host, { network: 'lenet5' })).numbers.field,
        between: [14, 14],
      },
    },
    { kind: 'heading', text: 'How a field grows' },
    {
      kind: 'text',
      text: 'A unit of the first convolution sees as much as its [kernel](term:kernel) covers. A unit of the second sees a few units of the first, and through them the pixels that they see. So each layer adds to the field. By how much depends on how far apart its inputs are in the picture ([Araujo and others](source:araujo2019) work out all cases).',
    },
    {
      kind: 'formula',
      formula: 'field = 1 + (k₁ − 1) + (k₂ − 1) · s₁ + (k₃ − 1) · s₁ · s₂ + …',
      words: 'Each layer adds its kernel size k less one, times the strides s of all layers before it.',
    },
    { kind: 'experiment', experiment: grow },
    {
      kind: 'text',
      text: 'There are four ways. *Depth*: each further layer of 3 x 3 adds two pixels. *Larger kernels*: they add more, and pay with their square in weights. *Stride* or pooling: from there on each step counts double, and the map becomes coarser. [Dilation](term:dilation): gaps between the weights, so that three of them span five pixels.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'Two convolutions of 3 x 3 see 5 x 5 pixels, as much as one of 5 x 5.',
        measure: async (host) => (await fieldOf(host, 2, 3, 0, 1)) - (await fieldOf(host, 1, 5, 0, 1)),
        between: [0, 0],
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'Four convolutions of 3 x 3 see 9 x 9 pixels.',
        measure: (host) => fieldOf(host, 4, 3, 0, 1),
        between: [9, 9],
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'With stride 2 in the first two of them they see 23 x 23.',
        measure: (host) => fieldOf(host, 4, 3, 2, 1),
        between: [23, 23],
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'With dilation 2 and no stride they see 17 x 17.',
        measure: (host) => fieldOf(host, 4, 3, 0, 2),
        between: [17, 17],
      },
    },
    {
      kind: 'text',
      text: 'Why care? What does not fit into a unit’s field it cannot know. A network whose last units see 9 pixels cannot tell a wheel from a ring: it sees arcs. So before you train, compare the field with the size of the things in your pictures. `fovea model show` prints it for every layer.',
    },
    { kind: 'heading', text: 'Can see, and looks at' },
    {
      kind: 'text',
      text: 'The field is a limit: no pixel outside has any influence. It does not say that all pixels inside count alike. To find out, ask for the [gradient](term:gradient): how would this unit change if that pixel changed a little? [Luo and others](source:luo2016) did, and found that it is strong in the middle and fades towards the border, like a bell. A pixel in the middle reaches the unit by many ways through the layers, one in the corner by a single way.',
    },
    { kind: 'experiment', experiment: effective },
    {
      kind: 'claim',
      claim: {
        text: 'With 8 layers, nearly all of the gradient (95.5 %) lies on fewer than two thirds of the field.',
        measure: async (host) => (await effective.run(host, { layers: 8, activation: false, seed: 1 })).numbers.share,
        between: [0.4, 0.66],
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'The deeper, the smaller the share: of 12 layers less than of 4.',
        async measure(host) {
          const share = async (layers: number) =>
            (await effective.run(host, { layers, activation: false, seed: 1 })).numbers.share;
          return (await share(12)) / (await share(4));
        },
        between: [0.4, 0.75],
      },
    },
    {
      kind: 'text',
      text: 'The part that a unit really looks at is called its *effective* receptive field. So give a network more field than your things are large: what lies near its border hardly counts. The same picture, of a network that you trained yourself, comes from `fovea explain` with the method `receptive-field`.',
    },
  ],
  exercise,
  code: `import { adapt, conv2d, globalAvgPool2d, linear, relu, sequential, summarize } from 'fovea';

const layers = Array.from({ length: 5 }, (_, i) => [
  conv2d(8, { kernelSize: 3, padding: 'same', stride: i < 2 ? 2 : 1 }),
  relu(),
]).flat();
const model = adapt(sequential([...layers, globalAvgPool2d(), linear()]), { input: [32, 32, 1], classes: 10 });
for (const { id, outputShape, receptiveField } of summarize(model).layers) {
  console.log(id, outputShape.join(' x '), 'sees', receptiveField.whole ? 'everything' : receptiveField.size.join(' x '));
}
`,
  commands: [
    'npx fovea model show lenet5 --input 28x28x1',
    "npx fovea model show 'conv 8 3 stride=2, relu, conv 8 3 stride=2, relu, conv 8 3, relu, gap, linear' --input 32x32x1",
    'npx fovea train digits --model lenet5 --epochs 1 --out runs/lenet',
  ],
  sources: ['hubel1962', 'hubel1968', 'fukushima1980', 'lecun1998', 'araujo2019', 'luo2016'],
  misconceptions: [
    {
      thought: 'A kernel of 3 x 3 can only ever see 3 x 3 pixels.',
      help: 'In its own input, yes; but each number of that input saw 3 x 3 itself. Let them draw both windows on squared paper.',
    },
    {
      thought: 'The larger the field, the better.',
      help: 'Stride buys field with places: ask where in the picture the thing is, when the map has 2 x 2 places.',
    },
    {
      thought: 'Everything within the field counts alike.',
      help: 'Count the ways from a corner pixel through two layers of 3 x 3 to the unit (one), and from the middle pixel (nine).',
    },
  ],
};
