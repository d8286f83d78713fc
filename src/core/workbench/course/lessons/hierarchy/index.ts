import { parseShorthand } from '../../../../model/shorthand.ts';
import { adapt } from '../../../../model/spec.ts';
import { summarize } from '../../../../model/summary.ts';
import type { Lesson } from '../../lesson.ts';
import { exercise } from './exercise.ts';
import { hierarchy, maps, units } from './experiments.ts';
import { shorthand } from './looked-into.ts';

const fieldAfter = (layer: string): number => {
  const spec = adapt(parseShorthand(shorthand), { input: [28, 28, 1], classes: 10 });
  return summarize(spec).layers.find(({ id }) => id === layer)!.receptiveField.size[0];
};

export const depth: Lesson = {
  number: 6,
  id: 'hierarchy',
  title: 'Depth and hierarchy',
  aims: [
    'read the feature maps of a network that you trained',
    'find out what a unit answers to, in two ways',
    'measure that deeper layers know more of the classes',
  ],
  minutes: 25,
  blocks: [
    {
      kind: 'text',
      text: 'Why several layers? Because what we want to tell apart is made of parts, and the parts of smaller parts. A digit is made of bows and corners, a bow of strokes, a stroke of edges. A first [convolution](term:convolution) can only find what fits into its window. A second one slides over the answers of the first: it finds patterns *of* edges. A third finds patterns of those. Nobody tells the layers to divide the work like this; training does, because it pays.',
    },
    { kind: 'heading', text: 'A network to look into' },
    {
      kind: 'text',
      text: 'Ours has three convolutions, of 8, 16 and 32 [kernels](term:kernel), with [pooling](term:pooling) between them, and the mean of each [channel](term:channel) at the end. You know from lesson 5 how far their units see.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'A unit of the first convolution sees 5 x 5 pixels: a piece of a stroke.',
        measure: async () => fieldAfter('conv1'),
        between: [5, 5],
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'A unit of the second sees 14 x 14: a bow or a corner.',
        measure: async () => fieldAfter('conv2'),
        between: [14, 14],
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'A unit of the third sees 24 x 24 of 28 x 28: nearly the whole digit.',
        measure: async () => fieldAfter('conv3'),
        between: [24, 24],
      },
    },
    { kind: 'heading', text: 'Feature maps' },
    {
      kind: 'text',
      text: 'Give it a digit and look at what each layer makes of it. A [feature map](term:feature-map) is a picture: bright where the kernel found what it looks for. After the first layer you still recognise the digit, once for each kernel, with other strokes lit. Deeper maps are small, and no longer look like the digit. That is as it should be. They do not show it, they say things about it.',
    },
    { kind: 'experiment', experiment: maps },
    { kind: 'heading', text: 'Asking a unit what it wants' },
    {
      kind: 'text',
      text: 'A map of one digit tells little about a channel. There are two better ways to ask. The first: show it many pictures, and keep those to which it answered most. [Zeiler and Fergus](source:zeiler2013) did so for a network trained on photos, and saw edges and colours in the first layer, textures and corners in the second, then wheels, faces and whole dogs.',
    },
    {
      kind: 'text',
      text: 'The second way needs no pictures at all. Begin with noise. Ask for the [gradient](term:gradient) of the unit’s answer by every pixel: which should be brighter, which darker, for the unit to answer more? Change the picture a little that way, and ask again, 128 times. This is activation maximisation ([Erhan and others](source:erhan2009)). The network trains no more; the picture does.',
    },
    { kind: 'experiment', experiment: units },
    {
      kind: 'claim',
      claim: {
        text: 'To the picture made up for it, channel 4 of the third convolution answers more strongly than to any of 200 real digits.',
        async measure(host) {
          const { numbers } = await units.run(host, { stage: 'relu3', channel: 4, seed: 1 });
          return numbers.made / numbers.largest;
        },
        between: [1.1, 3],
        slow: true,
      },
    },
    {
      kind: 'text',
      text: 'Look at it: few would take it for a digit. A unit does not know what a digit is. It knows what helped to tell the training pictures apart, and it answers to anything that has enough of that. Keep this in mind when a network is very sure of something. And be careful with names: a unit that likes sevens most may like other things nearly as much.',
    },
    { kind: 'heading', text: 'Does depth help? Measure' },
    {
      kind: 'text',
      text: 'Pictures of units are suggestive. Here is a test with a number. Take 200 digits that the network never saw. For each, look for the one among the others that is most alike, and note whether it is the same digit. First by comparing pixels, then by comparing what each layer gives.',
    },
    { kind: 'experiment', experiment: hierarchy },
    {
      kind: 'claim',
      claim: {
        text: 'By pixels, the most alike is the same digit in fewer than 7 of 10 cases.',
        measure: async (host) => (await hierarchy.run(host, { seed: 1 })).numbers.input,
        between: [0.5, 0.7],
        slow: true,
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'After the third convolution it is in more than 9 of 10.',
        measure: async (host) => (await hierarchy.run(host, { seed: 1 })).numbers.relu3,
        between: [0.9, 1],
        slow: true,
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'Each layer adds to it: even the smallest step is more than 3 points of 100.',
        async measure(host) {
          const { input, relu1, relu2, relu3 } = (await hierarchy.run(host, { seed: 1 })).numbers;
          return Math.min(relu1 - input, relu2 - relu1, relu3 - relu2);
        },
        between: [0.03, 0.2],
        slow: true,
      },
    },
    {
      kind: 'text',
      text: 'Two sevens, one upright and one slanted, have few pixels in common. Layer by layer the network brings them closer together, and moves the ones away. When the last layer comes, the classes lie apart, and weighing is enough. That is what depth is for. In 2012 it won a contest on photos by a wide margin ([Krizhevsky and others](source:krizhevsky2012)), and the field has never been the same.',
    },
  ],
  exercise,
  code: `import { conv2d, globalAvgPool2d, linear, maxPool2d, methods, openExplainer, pictureAt, relu, sequential, train } from 'fovea';
import { createEngine, openData } from 'fovea/node';

const engine = await createEngine();
const data = await openData('digits');
const model = sequential([
  conv2d(8, { kernelSize: 5 }), relu(), maxPool2d(2),
  conv2d(16, { kernelSize: 5 }), relu(), maxPool2d(2),
  conv2d(32, { kernelSize: 3 }), relu(), globalAvgPool2d(), linear(),
]);
const { classifier } = await train({ engine, data, model, epochs: 2 });
const explainer = openExplainer(engine, classifier);
const picture = data.test && explainer.prepare(pictureAt(data.test, 7));
for (const name of ['feature-maps', 'top-images', 'activation-maximisation']) {
  const method = methods.find((one) => one.name === name);
  const { words } = (await method?.run(explainer, picture, { unit: { layer: 'conv3', channel: 4 }, data: data.test, most: 8 })) ?? { words: [] };
  console.log(name, '-', words.join(' '));
}
await engine.dispose();
`,
  commands: [
    "npx fovea train digits --model 'conv 8 5, relu, pool 2, conv 16 5, relu, pool 2, conv 32 3, relu, gap, linear' --epochs 2 --out runs/look",
    'npx fovea explain runs/look --method top-images --unit conv3:4 --most 8 --out top.png',
    'npx fovea explain runs/look --method activation-maximisation --unit conv3:4 --out made.png',
  ],
  sources: ['zeiler2013', 'erhan2009', 'krizhevsky2012'],
  misconceptions: [
    {
      thought: 'Each unit stands for one thing that has a name.',
      help: 'Let them look through ten channels of the third layer and write a name for each. Most will need an “or”.',
    },
    {
      thought: 'Deep maps are blurred because the network sees badly.',
      help: 'They are small because places were given up for channels: 32 statements at few places instead of one picture.',
    },
    {
      thought: 'A dead channel is a fault in the program.',
      help: 'Its sums are negative for every picture, so relu gives 0 and no gradient comes back. It happens; others do the work.',
    },
  ],
};
