import type { Lesson } from '../../lesson.ts';
import { trainDesign } from './design.ts';
import { exercise } from './exercise.ts';
import { broken, count, mend } from './experiments.ts';

const usual = { filters1: 8, filters2: 0, kernelSize: 5, pooling: true, units: 0 };

export const building: Lesson = {
  number: 7,
  id: 'building',
  title: 'Building a model',
  aims: [
    'follow the shapes through a network, layer by layer',
    'count its parameters, its work and its memory before you train it',
    'read the error of a network that does not fit, and mend it',
  ],
  minutes: 30,
  blocks: [
    {
      kind: 'text',
      text: 'You know the parts by now. This lesson puts them together. A model is a list of [layers](term:layer): what one gives, the next one takes. Most of building is making these shapes fit, and knowing what it costs.',
    },
    { kind: 'heading', text: 'Two halves' },
    {
      kind: 'text',
      text: 'Nearly every network for pictures has two halves, since [LeNet](source:lecun1998). The first half turns a picture into [feature maps](term:feature-map): [convolution](term:convolution), [relu](term:relu), [pooling](term:pooling), and again. From step to step the maps become smaller and get more [channels](term:channel): less *where*, more *what*. The second half decides: `flatten` puts all numbers of the maps in a row, and a [fully connected layer](term:fully-connected) gives one [logit](term:logit) for each class.',
    },
    {
      kind: 'text',
      text: 'In Fovea that is one line: `conv 8 5, relu, pool 2, flatten, linear`. Eight kernels of 5 x 5, a relu, pooling by two, a row, and the logits. How many inputs a layer has you need not say: that follows from the layer before it. How many classes follows from the data.',
    },
    { kind: 'heading', text: 'What it costs' },
    {
      kind: 'formula',
      formula: 'convolution: kernels · (side · side · input channels + 1)',
      words:
        'The parameters of a convolution. Each kernel has a weight for each place and input channel, and one bias. The size of the picture does not occur.',
    },
    {
      kind: 'formula',
      formula: 'fully connected: outputs · (inputs + 1)',
      words:
        'The parameters of a fully connected layer: a weight for each input of each output, and one bias for each output.',
    },
    { kind: 'experiment', experiment: count },
    {
      kind: 'claim',
      claim: {
        text: 'Check it with the formula: 8 · (5 · 5 · 1 + 1) = 208 parameters in the first layer.',
        async measure(host) {
          return (await count.run(host, usual)).numbers.first;
        },
        between: [208, 208],
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'These 208 parameters are fewer than one in fifty of the whole network, and they do nine tenths of its work: each is used at every place.',
        async measure(host) {
          const { first, parameters, firstWork } = (await count.run(host, usual)).numbers;
          return first / parameters < 0.02 ? firstWork : 0;
        },
        between: [0.9, 1],
      },
    },
    {
      kind: 'text',
      text: 'So there are three bills. [Parameters](term:parameter) are what is stored, downloaded and learnt. *Multiply-adds* are what is computed for each picture: time. And the outputs of all layers are memory: training keeps most of them until [backpropagation](term:backpropagation) has used them, for every picture of the [batch](term:batch). `fovea model show` tells all three before you train, and with `--time` how long it will take.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'Most parameters are where the halves meet. In a network with 16 and 32 kernels and 64 units, nine of ten are in the one layer after the flattening.',
        async measure(host) {
          const options = { filters1: 16, filters2: 32, kernelSize: 3, pooling: true, units: 64 };
          return (await count.run(host, options)).numbers.largestShare;
        },
        between: [0.88, 0.95],
      },
    },
    { kind: 'heading', text: 'When it does not fit' },
    {
      kind: 'text',
      text: 'You will build networks that do not fit; everybody does. Three reasons are the usual ones. A fully connected layer gets a map, though it wants a row. A window is larger than the map that is left, because pooling has eaten it up. Or the last layer gives another number of logits than there are classes. The error tells the layer, what it expected and what it received. Read it from behind: look at what came in, and go back to the layer that made it so.',
    },
    { kind: 'experiment', experiment: mend },
    {
      kind: 'claim',
      claim: {
        text: 'Each of the three has at least one mend after which the whole network fits. They were not guessed: Fovea tries them before it proposes them.',
        async measure(host) {
          const found = [];
          for (let network = 1; network <= broken.length; network++) {
            found.push((await mend.run(host, { network, mend: 0 })).numbers.whole);
          }
          return Math.min(...found);
        },
        between: [1, 3],
      },
    },
    {
      kind: 'text',
      text: 'That it fits does not mean that it is good. Leaving out a layer fits, too. Ask what you meant, and choose the mend that does that.',
    },
    { kind: 'heading', text: 'Where to spend parameters' },
    {
      kind: 'text',
      text: 'Begin with a small network that others have used for pictures like yours. Make it larger while it is [underfitting](term:underfitting). A second convolution is cheap and sees more: its [receptive field](term:receptive-field) is larger, and it builds on the first. Units after the flattening are dear.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'On 400 digits two convolutions with 5,258 parameters are right more often than a fully connected network with 101,770: by three points and more.',
        async measure(host) {
          const small = await trainDesign(host, 'conv 8, relu, pool 2, conv 16, relu, pool 2, flatten, linear');
          const wide = await trainDesign(host, 'flatten, linear 128, relu, linear');
          return small.trained.best!.valAccuracy - wide.trained.best!.valAccuracy;
        },
        between: [0.03, 0.3],
        slow: true,
      },
    },
  ],
  exercise,
  code: `import { adapt, ModelError, parseShorthand, summarize } from 'fovea';

const data = { input: [28, 28, 1], classes: 10 };
const model = adapt(parseShorthand('conv 8, relu, pool 2, conv 16, relu, pool 2, flatten, linear'), data);
const { layers, parameters, macs } = summarize(model);
for (const layer of layers) console.log(layer.id, layer.outputShape.join(' x '), layer.parameters, layer.macs);
console.log(parameters, 'parameters', macs, 'multiply-adds');

try {
  summarize(adapt(parseShorthand('conv 8 5, relu, pool 2, linear'), data));
} catch (error) {
  if (!(error instanceof ModelError)) throw error;
  console.log(error.message);
  for (const { text, complete } of error.mends) console.log(text, complete);
}
`,
  commands: [
    "npx fovea model show 'conv 8, relu, pool 2, conv 16, relu, pool 2, flatten, linear' --input 28x28x1",
    "npx fovea model compare lenet5 'conv 8, relu, pool 2, conv 16, relu, pool 2, flatten, linear'",
    "npx fovea train digits --model 'conv 8, relu, pool 2, conv 16, relu, pool 2, flatten, linear' --epochs 1 --out runs/small",
  ],
  sources: ['lecun1998'],
  misconceptions: [
    {
      thought: 'A layer with few parameters is fast.',
      help: 'Count before you train: the first convolution has 208 parameters and does nine tenths of the work.',
    },
    {
      thought: 'A larger picture needs a larger convolution.',
      help: 'The formula has no picture size in it. What grows is the layer after the flattening.',
    },
    {
      thought: 'If it runs, it is right.',
      help: 'A mend that leaves out a layer runs as well. Ask what each layer is for.',
    },
  ],
};
