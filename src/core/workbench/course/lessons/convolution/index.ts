import type { Lesson } from '../../lesson.ts';
import { exercise } from './exercise.ts';
import { learned, slide } from './experiments.ts';

export const convolution: Lesson = {
  number: 3,
  id: 'convolution',
  title: 'Convolution by hand',
  aims: [
    'compute one number of a feature map with a pocket calculator',
    'say how large a feature map will be, from kernel size, stride and padding',
    'tell a kernel made by hand from one that was learnt',
  ],
  minutes: 25,
  blocks: [
    {
      kind: 'text',
      text: 'The network of the last lesson looked at all pixels at once and had a weight for each. That is many weights, and none of them knows that two pixels are neighbours. A [convolution](term:convolution) begins from the other end: it looks at a small window, and asks the same question everywhere.',
    },
    { kind: 'heading', text: 'One window, nine products, one sum' },
    {
      kind: 'text',
      text: 'Take a grid of nine numbers, three rows of three. It is called a [kernel](term:kernel), and its numbers are its [weights](term:weight). Lay it over a picture, so that each weight lies on a [pixel](term:pixel). Multiply each pixel by the weight on it. Add up the nine products. That sum is one number of the output. Now move the kernel one pixel to the right and do it again. When you come to the edge, begin a row further down. The sums, laid out as the places were, are a picture again: a [feature map](term:feature-map).',
    },
    {
      kind: 'formula',
      formula: 'y[r, c] = Σᵢ Σⱼ w[i, j] · x[r + i, c + j]',
      words:
        'The output y at row r and column c is the sum over the rows i and columns j of the kernel: weight w times the pixel x that lies under it.',
    },
    {
      kind: 'text',
      text: 'That is all. Nothing is hidden in it, and you can follow every number below with a pocket calculator. Move the window and read the sum under the feature map.',
    },
    { kind: 'experiment', experiment: slide },
    { kind: 'heading', text: 'Why the weights mean something' },
    {
      kind: 'text',
      text: 'Look at the kernel for vertical edges. Its left column is negative, its right column positive, the middle is zero. On plain ground the two sides cancel out: the answer is 0. Where it is dark on the left and light on the right the negative weights meet dark pixels and the positive ones light pixels: the answer is large. The other way round it is strongly negative. So the kernel answers a question: *is there an edge here that stands upright, and on which side is the light?* The blur asks for the mean of the window; the one that sharpens asks how much a pixel differs from its neighbours and adds that to it.',
    },
    {
      kind: 'text',
      text: 'Such kernels were made by hand for decades; the one above is named after Sobel. It was also seen that nature makes them: in the visual cortex of cats [Hubel and Wiesel](source:hubel1962) found cells that answer to edges of one direction in one small part of what the animal sees.',
    },
    { kind: 'heading', text: 'Stride, padding and size' },
    {
      kind: 'text',
      text: 'A window of 3 has 12 places in a row of 14 pixels, so the feature map is a little smaller than the picture. With [padding](term:padding), zeros are put around the picture, and the window may stand at the edge: with one row of zeros on each side 14 stays 14. With a [stride](term:stride) of 2 the window jumps two pixels at a time, and the feature map has half as many rows and columns.',
    },
    {
      kind: 'formula',
      formula: 'output = ⌊(input + 2 · padding − kernel) / stride⌋ + 1',
      words:
        'The output has as many rows as the window has places: the padded input less the kernel, divided by the stride and rounded down, and one for the first place.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'Try it above: 14 pixels, kernel 3, padding 1, stride 2 give a feature map of 7 rows.',
        async measure(host) {
          const { numbers } = await slide.run(host, {
            picture: 0,
            kernel: 'blur',
            row: 0,
            column: 0,
            stride: 2,
            padding: 1,
          });
          return numbers.rows;
        },
        between: [7, 7],
      },
    },
    { kind: 'heading', text: 'From hand-made to learnt' },
    {
      kind: 'text',
      text: 'Here is the step that made networks out of it ([LeCun and others, 1989](source:lecun1989)): nobody needs to make the kernels. Their weights are numbers like any other, so begin with random ones and let training change them until the answers help to tell the classes apart. A layer has several kernels, and each gives a feature map of its own, a [channel](term:channel) of the output. The next layer slides its kernels over all of these channels at once.',
    },
    { kind: 'experiment', experiment: learned },
    {
      kind: 'text',
      text: 'Blue weights are negative, orange ones positive, white is zero. Some of the kernels look like the edge finders that you know; others look like nothing that a person would draw, and help all the same. Train again with another [seed](term:seed): other kernels, and nearly the same accuracy.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'Three epochs over 2,000 pictures are enough for eight kernels to be right on more than 8 of 10 pictures that they never saw.',
        async measure(host) {
          const { numbers } = await learned.run(host, { filters: 8, epochs: 3, seed: 1 });
          return numbers.valAccuracy;
        },
        between: [0.8, 1],
      },
    },
    {
      kind: 'text',
      text: 'One word of warning. In mathematics a convolution turns the kernel upside down and left to right before it slides; what networks do is there called cross-correlation. Since the weights are learnt, it makes no difference, and everybody who builds networks says convolution. Sizes of all kinds are worked out with pictures by [Dumoulin and Visin](source:dumoulin2016).',
    },
  ],
  exercise,
  code: `import { conv2d, flatten, linear, maxPool2d, relu, sequential, summarize, train } from 'fovea';
import { createEngine, openData } from 'fovea/node';

const engine = await createEngine();
const data = await openData('digits');
const model = sequential([conv2d(8, { kernelSize: 5 }), relu(), maxPool2d(2), flatten(), linear()]);
const { classifier, best } = await train({ engine, data, model, epochs: 1 });
for (const layer of summarize(classifier.model).layers) console.log(layer.id, layer.outputShape.join(' x '), layer.parameters);
const [name, kernels] = [...classifier.weights][0];
console.log(name, kernels.shape, 'validation accuracy', best?.valAccuracy);
await engine.dispose();
`,
  commands: [
    "npx fovea model show 'conv 8 5, relu, pool 2, flatten, linear' --input 28x28x1",
    "npx fovea train digits --model 'conv 8 5, relu, pool 2, flatten, linear' --epochs 1 --out runs/kernels",
    'npx fovea test runs/kernels',
  ],
  sources: ['hubel1962', 'lecun1989', 'dumoulin2016'],
  misconceptions: [
    {
      thought: 'The kernel is a small picture of what it looks for.',
      help: 'Nearly: it is what it multiplies by. Let them slide the blur, which looks like nothing, and say what it answers.',
    },
    {
      thought: 'Each place of the picture has weights of its own.',
      help: 'Count the parameters in `fovea model show`: 8 kernels of 25 weights and a bias are 208, however large the picture is.',
    },
  ],
};
