import type { Lesson } from '../../lesson.ts';
import { exercise } from './exercise.ts';
import { costs, residual, transfer } from './experiments.ts';

export const further: Lesson = {
  number: 14,
  id: 'further',
  title: 'From here',
  aims: [
    'say what a residual block does, and why deep networks need it',
    'begin a training with what another network has learnt',
    'choose a network by what it costs',
    'find your way to what there is besides classifying pictures',
  ],
  minutes: 25,
  blocks: [
    {
      kind: 'text',
      text: 'You have built, trained, tested and mended networks. What you know is what the networks of today are made of. This lesson shows three ideas that made them better, and where convolutions are used besides telling pictures apart.',
    },
    { kind: 'heading', text: 'Deeper, and still trainable' },
    {
      kind: 'text',
      text: 'More layers can say more. But put twenty of them in a row, and training fails: the [gradient](term:gradient) comes through all of them, each makes it a little smaller, and the first layers learn nothing. This is no [overfitting](term:overfitting): even the training loss stays where it was. [He and others](source:he2015) found a remedy that is one plus sign. A [residual block](term:residual-block) adds its input to its output. Its layers then learn only what to change, and what they have not learnt yet passes by.',
    },
    {
      kind: 'formula',
      formula: 'y = relu(x + f(x))',
      words:
        'The output y is the input x plus what the layers of the block, f, make of it; then negative numbers become zero.',
    },
    { kind: 'experiment', experiment: residual },
    {
      kind: 'claim',
      claim: {
        text: 'With ten blocks the plain network does no better than guessing: it is right on 1 of 10.',
        async measure(host) {
          const { numbers } = await residual.run(host, { blocks: 10, epochs: 5, seed: 1 });
          return numbers.plain;
        },
        between: [0.05, 0.15],
        slow: true,
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'The residual one, with as many weights, is right on more than 6 of 10 after five epochs.',
        async measure(host) {
          const { numbers } = await residual.run(host, { blocks: 10, epochs: 5, seed: 1 });
          return numbers.residual;
        },
        between: [0.6, 1],
        slow: true,
      },
    },
    {
      kind: 'text',
      text: 'With a single block both learn. Also [batch normalisation](term:batch-norm) and better first weights help plain networks; the large ones of today have all three.',
    },
    { kind: 'heading', text: 'Not from nothing' },
    {
      kind: 'text',
      text: 'Edges and curves are useful for many questions. So begin with the weights of a network that has learnt another question, put a new last layer on it, and train on: [transfer learning](term:transfer-learning). [Yosinski and others](source:yosinski2014) measured that the first layers serve nearly everybody and the last ones only their own task. With few pictures it is usually the best that you can do, above all if the other network has seen millions of photos.',
    },
    { kind: 'experiment', experiment: transfer },
    {
      kind: 'claim',
      claim: {
        text: 'With 50 pictures of the new question, the weights of the digits network are worth at least one point.',
        async measure(host) {
          const { numbers } = await transfer.run(host, { from: 'digits', pictures: 50, seed: 1 });
          return 100 * numbers.gain;
        },
        between: [1, 15],
        slow: true,
      },
    },
    {
      kind: 'text',
      text: 'Try the shapes, too, and more pictures: the more you have, the less the start matters. It can even harm, if what was learnt does not fit. So measure it, with several seeds, as here.',
    },
    { kind: 'heading', text: 'Cheaper' },
    {
      kind: 'text',
      text: 'A telephone has little memory and a battery. An ordinary [convolution](term:convolution) has a weight from each channel to each channel at each place of its kernel. [MobileNets](source:howard2017) cut that in two: a *depthwise* convolution that slides one kernel over each channel by itself, then one of size 1 x 1 that mixes the channels.',
    },
    { kind: 'experiment', experiment: costs },
    {
      kind: 'claim',
      claim: {
        text: 'At 224 pixels, mobilenet_v2 multiplies less than a tenth as often as resnet50.',
        async measure(host) {
          const { numbers } = await costs.run(host, { side: 224 });
          return numbers.mobilenet_v2 / numbers.resnet50;
        },
        between: [0.05, 0.1],
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'Twice the height and width: four times the multiplications, and not one parameter more.',
        async measure(host) {
          const [small, large] = [await costs.run(host, { side: 112 }), await costs.run(host, { side: 224 })];
          const more = large.numbers['resnet18 parameters'] - small.numbers['resnet18 parameters'];
          return large.numbers.resnet18 / small.numbers.resnet18 + more;
        },
        between: [3.5, 4.2],
      },
    },
    {
      kind: 'text',
      text: 'That holds for networks that end in a mean over all places. lenet5 ends in [fully connected layers](term:fully-connected): its parameters grow with the picture.',
    },
    { kind: 'heading', text: 'After convolutions?' },
    {
      kind: 'text',
      text: '[Transformers](source:dosovitskiy2020) cut a picture into patches and let each patch ask all others. They know nothing of neighbourhood at first, so they need more pictures to learn it. With their training recipes, convolutional networks came to the same accuracy: [ConvNeXt](source:liu2022), the last row above. With a few thousand pictures of your own, convolution is still a good first choice.',
    },
    { kind: 'heading', text: 'Where convolutions are used' },
    {
      kind: 'text',
      text: 'Wherever neighbours belong together. In *video* the kernel also slides over time. In *medicine* networks mark tumours pixel by pixel, on slices or whole volumes. In *sound and time series*, a heartbeat or a machine’s vibration, the kernel has one dimension. In *text* it slides over words. *Recommendation* uses them to see what pictures of products have in common. And for pictures there is more than one label each: where things are, how far away, what a sharper picture would look like.',
    },
    {
      kind: 'text',
      text: 'To read on: the textbook by [Goodfellow, Bengio and Courville](source:goodfellow2016) has the mathematics. The papers cited in these lessons can be read with what you know now. But best take pictures of your own, ask a question that you care about, and measure the answer honestly.',
    },
  ],
  exercise,
  code: `import { conv2d, flatten, linear, relu, residual, sequential, summarize, train } from 'fovea';
import { createEngine, openData } from 'fovea/node';

const block = () => [residual([conv2d(8, { kernelSize: 3, padding: 'same' }), relu(), conv2d(8, { kernelSize: 3, padding: 'same' })]), relu()];
const model = sequential([conv2d(8, { kernelSize: 5, stride: 4 }), relu(), ...block(), ...block(), ...block(), flatten(), linear()]);
const engine = await createEngine();
const data = await openData('digits');
const { classifier, best } = await train({ engine, data, model, epochs: 2 });
console.log('parameters', summarize(classifier.model).parameters, 'validation accuracy', best?.valAccuracy);
await engine.dispose();
`,
  commands: [
    'npx fovea model compare resnet18 mobilenet_v2 --input 224x224x3',
    "npx fovea train digits --model 'conv 8 5 stride=4, relu, 3*(residual(conv 8 same, relu, conv 8 same), relu), flatten, linear' --epochs 1 --out runs/residual",
    'npx fovea train digits --weights runs/residual --epochs 1 --seed 2 --out runs/further',
    'npx fovea runs runs',
  ],
  sources: ['he2015', 'yosinski2014', 'howard2017', 'dosovitskiy2020', 'liu2022', 'goodfellow2016'],
  misconceptions: [
    {
      thought: 'The deep plain network fails because it overfits.',
      help: 'Look at its training loss: it has not learnt even those pictures.',
    },
    {
      thought: 'A network with fewer parameters is faster.',
      help: 'Compare squeezenet1_1 and mobilenet_v3_small in the table: parameters and multiplications are two prices.',
    },
    {
      thought: 'Transfer always helps.',
      help: 'Let them run it with 400 pictures, or begin with the shapes. It has to be measured.',
    },
  ],
};
