import type { Lesson } from '../../lesson.ts';
import { exercise } from './exercise.ts';
import { compare, equivariance, shiftTest } from './experiments.ts';

const moves = async (
  host: Parameters<typeof equivariance.run>[0],
  layers: string,
  pixels: number,
  picture = 7,
): Promise<number> => (await equivariance.run(host, { layers, pixels, picture })).numbers.left;

export const sharedWeights: Lesson = {
  number: 4,
  id: 'shared-weights',
  title: 'Shared weights and shift',
  aims: [
    'say why a convolution needs few parameters',
    'tell equivariance from invariance, and test both',
    'point at the layers of a network where a shift is not followed',
  ],
  minutes: 25,
  blocks: [
    {
      kind: 'text',
      text: 'The perceptron of lesson 2 had a weight for every pixel, and two pixels were enough to confuse it. A convolution asks the same question at every place. All places *share* the weights of a [kernel](term:kernel). Two things follow, and this lesson measures both.',
    },
    { kind: 'heading', text: 'Fewer parameters' },
    { kind: 'experiment', experiment: compare },
    {
      kind: 'claim',
      claim: {
        text: 'At 28 x 28 pixels, 64 fully connected units have more than 75 times as many parameters as 64 kernels of 3 x 3.',
        async measure(host) {
          const { numbers } = await compare.run(host, { side: 28, kernel: 3 });
          return numbers.dense / numbers.conv;
        },
        between: [75, 82],
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'The kernels have 640 parameters, however large the picture is.',
        measure: async (host) => (await compare.run(host, { side: 224, kernel: 3 })).numbers.conv,
        between: [640, 640],
      },
    },
    {
      kind: 'text',
      text: 'Each training picture also teaches more: every place of it has a say in the same few weights. What was learnt about an edge in one corner holds in all others.',
    },
    { kind: 'heading', text: 'The map moves along' },
    {
      kind: 'text',
      text: 'Move the picture by one pixel. The kernel meets the same numbers as before, one pixel further on, so it gives the same answers one place further on. The [feature map](term:feature-map) moves as the picture does. This is called [equivariance](term:equivariance). It holds before anything is learnt, for any weights. Networks built on it are also called space invariant; [Fukushima](source:fukushima1980) and [Zhang and others](source:zhang1988) had it in mind from the start.',
    },
    {
      kind: 'formula',
      formula: 'conv(shift(x)) = shift(conv(x))',
      words:
        'Shifting the picture x first and sliding the kernel then gives the same as sliding first and shifting the map.',
    },
    { kind: 'experiment', experiment: equivariance },
    {
      kind: 'claim',
      claim: {
        text: 'A convolution with stride 1 follows exactly: nothing of the map does not fit.',
        measure: (host) => moves(host, 'convolution alone', 1),
        between: [0, 1e-6],
      },
    },
    { kind: 'heading', text: 'Where it breaks' },
    {
      kind: 'text',
      text: 'Maps are made smaller on their way, by a [stride](term:stride) or by [pooling](term:pooling). Such a layer keeps one place for every two. Move the picture by two pixels, and the map moves by one place: still exact. Move it by one, and the windows hold other pixels than before. The map can neither stay nor move by half a place.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'With max pooling a move by two pixels is followed exactly.',
        measure: (host) => moves(host, 'max pooling', 2),
        between: [0, 1e-6],
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'After a move by one pixel more than a tenth of the map does not fit.',
        measure: (host) => moves(host, 'max pooling', 1),
        between: [0.1, 0.3],
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'With a convolution of stride 2 it is more than a fifth.',
        measure: (host) => moves(host, 'convolution with stride 2', 1),
        between: [0.2, 0.4],
      },
    },
    {
      kind: 'text',
      text: 'Taking every second value of something that changes from one place to the next has a name in sound and photography: aliasing. The cure is known there too: blur first, then take every second value. [Zhang](source:zhang2019) brought it to networks. Choose *max pooling, blurred* above.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'Blurred, less of the map does not fit than with max pooling alone, on average over the ten digits.',
        async measure(host) {
          let [blurred, plain] = [0, 0];
          for (let picture = 0; picture < 10; picture++) {
            blurred += await moves(host, 'max pooling, blurred', 1, picture);
            plain += await moves(host, 'max pooling', 1, picture);
          }
          return blurred / plain;
        },
        between: [0.3, 0.95],
      },
    },
    { kind: 'heading', text: 'From following to not minding' },
    {
      kind: 'text',
      text: 'A map that moves along is not yet an answer that stays. For that the place has to be forgotten: [invariance](term:invariance). A fully connected layer on top of the maps does not forget; it has a weight for each place. The mean of each channel does: it does not matter where in the map something was found. That layer is called global average pooling. Now all three side by side.',
    },
    { kind: 'experiment', experiment: shiftTest },
    {
      kind: 'claim',
      claim: {
        text: 'Moved by four pixels the perceptron is wrong on more than half.',
        measure: async (host) =>
          (await shiftTest.run(host, { pooling: 'max', epochs: 6, seed: 1 })).numbers['fully connected, 4'],
        between: [0.25, 0.5],
        slow: true,
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'The network with the mean at its end is then still right on at least 20 points more of 100.',
        async measure(host) {
          const { numbers } = await shiftTest.run(host, { pooling: 'max', epochs: 6, seed: 1 });
          return numbers['convolutions, then the mean, 4'] - numbers['fully connected, 4'];
        },
        between: [0.2, 0.6],
        slow: true,
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'With blur its answers after a move by one pixel are those of before about as often as without, within 5 points of 100.',
        async measure(host) {
          const same = async (pooling: string) =>
            (await shiftTest.run(host, { pooling, epochs: 6, seed: 1 })).numbers[
              'convolutions, then the mean, same answer at 1'
            ];
          return (await same('blur')) - (await same('max'));
        },
        between: [-0.05, 0.05],
        slow: true,
      },
    },
    {
      kind: 'text',
      text: 'It loses something all the same. A move by four pixels passes both poolings exactly, so what is left is the frame: what comes in at one border is not what left at the other. Try blur as pooling. The map of the first layer followed better, but for these small digits the answers are no steadier. A remedy that is right in principle still has to be measured where you need it. A last way needs no new layer: show the network moved pictures in training. That is [augmentation](term:augmentation), and lesson 10 tries it.',
    },
  ],
  exercise,
  code: `import { conv2d, globalAvgPool2d, linear, maxPool2d, relu, sequential, summarize, train } from 'fovea';
import { createEngine, openData } from 'fovea/node';

const engine = await createEngine();
const data = await openData('digits');
const model = sequential([
  conv2d(8, { kernelSize: 5 }), relu(), maxPool2d(2),
  conv2d(16, { kernelSize: 5 }), relu(), maxPool2d(2),
  conv2d(32, { kernelSize: 3 }), relu(), globalAvgPool2d(), linear(),
]);
const { classifier, best } = await train({ engine, data, model, epochs: 2 });
console.log(summarize(classifier.model).parameters, 'parameters, validation accuracy', best?.valAccuracy);
await engine.dispose();
`,
  commands: [
    "npx fovea model show 'conv 8 5, relu, pool 2, conv 16 5, relu, pool 2, conv 32 3, relu, gap, linear' --input 28x28x1",
    "npx fovea train digits --model 'conv 8 5, relu, pool 2, conv 16 5, relu, pool 2, conv 32 3, relu, gap, linear' --epochs 2 --out runs/shared",
    "npx fovea train digits --model 'flatten, linear 64, relu, linear' --epochs 2 --out runs/dense",
    'npx fovea test runs/shared runs/dense --robustness',
  ],
  sources: ['fukushima1980', 'zhang1988', 'zhang2019'],
  misconceptions: [
    {
      thought: 'A convolutional network is shift invariant.',
      help: 'Its convolutions are equivariant, and only at stride 1. Let them move the digit by one pixel with max pooling, then by two.',
    },
    {
      thought: 'Pooling makes the network not mind a shift.',
      help: 'A little: within a window. Between windows it is the very layer that breaks. The exercise shows both.',
    },
    {
      thought: 'Sharing weights makes the layer weaker, so it must do worse.',
      help: 'It can express less, and that is its strength: look at both parameters and accuracy in the last table.',
    },
  ],
};
