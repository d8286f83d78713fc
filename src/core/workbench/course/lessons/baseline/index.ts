import type { Lesson } from '../../lesson.ts';
import { exercise } from './exercise.ts';
import { count, overfit, shift, worthOfOrder } from './experiments.ts';

export const baseline: Lesson = {
  number: 2,
  id: 'baseline',
  title: 'The fully connected baseline',
  aims: [
    'build the simplest network and count its parameters',
    'tell from two curves that a network learns by heart',
    'show why a network that treats all pixels alike is a poor eye',
  ],
  minutes: 25,
  blocks: [
    {
      kind: 'text',
      text: 'Before you build something clever, build something plain, and measure it. That is a baseline: whatever comes later has to be better. Our baseline is the *multilayer perceptron*. It is trained as all networks of this course are, by [backpropagation](term:backpropagation), which became known by [Rumelhart and others in 1986](source:rumelhart1986).',
    },
    { kind: 'heading', text: 'Every pixel, every unit' },
    {
      kind: 'text',
      text: 'Take the 784 numbers of a digit and lay them in one long row. A [unit](term:unit) of the first [layer](term:layer) multiplies each of them by a [weight](term:weight) of its own, adds all products up, and adds one more number, the [bias](term:bias). What comes out is its answer. The layer has many such units, all looking at the whole picture; therefore it is called a [fully connected layer](term:fully-connected).',
    },
    {
      kind: 'formula',
      formula: 'y = w₁·x₁ + w₂·x₂ + … + w₇₈₄·x₇₈₄ + b',
      words: 'The answer y of one unit is the sum of all pixels x, each times its weight w, and the bias b.',
    },
    {
      kind: 'text',
      text: 'One layer of sums can only weigh pixels for and against. To do more, something must happen between two layers: negative answers are made zero. That is [relu](term:relu), and units of which only the last layer makes use are called hidden. The last layer has one unit for each class; its answers are the [logits](term:logit), and the largest wins.',
    },
    { kind: 'heading', text: 'Where the numbers are' },
    {
      kind: 'text',
      text: 'All weights and biases together are the [parameters](term:parameter). Training has to find every one of them.',
    },
    { kind: 'experiment', experiment: count },
    {
      kind: 'claim',
      claim: {
        text: 'With 64 hidden units the network has 50,890 parameters.',
        measure: async (host) => (await count.run(host, { side: 28, channels: '1', hidden: 64 })).numbers.parameters,
        between: [50890, 50890],
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'For a coloured photo of 224 x 224 pixels the same 64 units need more than 9 million.',
        measure: async (host) => (await count.run(host, { side: 224, channels: '3', hidden: 64 })).numbers.parameters,
        between: [9e6, 1e7],
      },
    },
    {
      kind: 'text',
      text: 'Nearly all of them are in the first layer, and their number grows with the picture. Twice the rows and columns, four times the weights: although the picture shows nothing new.',
    },
    { kind: 'heading', text: 'Learning by heart' },
    {
      kind: 'text',
      text: 'How wrong the network is, is told by one number, the [loss](term:loss): 0 is perfect. Training makes it smaller, walking through all training pictures once in each [epoch](term:epoch). We also measure the [validation loss](term:val-loss), on pictures that it does not learn from. At first both fall: what it learns holds for all pictures. Then the validation loss stops falling and rises, while the training loss goes on towards zero. From there on it learns what is true of these pictures only: their noise, their chance. This is [overfitting](term:overfitting).',
    },
    { kind: 'experiment', experiment: overfit },
    {
      kind: 'claim',
      claim: {
        text: 'On 200 pictures its training loss ends below 0.01.',
        measure: async (host) =>
          (await overfit.run(host, { hidden: 128, pictures: 200, epochs: 40, seed: 1 })).numbers.trainLoss,
        between: [0, 0.01],
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'Its validation loss was lowest in the first half of the training, and rose from there.',
        measure: async (host) =>
          (await overfit.run(host, { hidden: 128, pictures: 200, epochs: 40, seed: 1 })).numbers.bestEpoch,
        between: [3, 20],
      },
    },
    {
      kind: 'text',
      text: 'A network with more parameters than pictures can always do this: it has room to remember each. What helps most is more pictures. Lessons 9 and 10 return to it.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'With 2,000 pictures instead of 200 its validation loss ends at less than half.',
        async measure(host) {
          const end = async (pictures: number) =>
            (await overfit.run(host, { hidden: 128, pictures, epochs: 40, seed: 1 })).numbers.valLoss;
          return (await end(2000)) / (await end(200));
        },
        between: [0.1, 0.5],
        slow: true,
      },
    },
    { kind: 'heading', text: 'Two pixels to the left' },
    {
      kind: 'text',
      text: 'Now the worse trouble. Each weight belongs to one pixel. Move a seven by two pixels, and its strokes lie on other weights, which learnt something else. For this network it is a different picture. To you it is the same seven.',
    },
    { kind: 'experiment', experiment: shift },
    {
      kind: 'claim',
      claim: {
        text: 'Where the digits are, it is right on more than 8 of 10.',
        measure: async (host) => (await shift.run(host, { hidden: 128, epochs: 4, pixels: 2, seed: 1 })).numbers.still,
        between: [0.8, 0.97],
        slow: true,
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'Moved by two pixels it loses more than 10 points of 100.',
        async measure(host) {
          const { numbers } = await shift.run(host, { hidden: 128, epochs: 4, pixels: 2, seed: 1 });
          return numbers.still - numbers.two;
        },
        between: [0.1, 0.25],
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'Moved by four pixels it is wrong on more than half.',
        measure: async (host) => (await shift.run(host, { hidden: 128, epochs: 4, pixels: 2, seed: 1 })).numbers.four,
        between: [0.2, 0.5],
        slow: true,
      },
    },
    {
      kind: 'text',
      text: 'Something shows how little it knows of pictures. Shuffle the pixels of all pictures, always in the same way. You would see only noise. This network does not mind, because nothing in it says which pixels are neighbours.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'Trained on shuffled pixels it is as good as before, within 3 points of 100.',
        measure: worthOfOrder,
        between: [-0.03, 0.03],
        slow: true,
      },
    },
    {
      kind: 'text',
      text: 'An eye that works needs two things that it lacks: to look at small neighbourhoods, and to ask the same question at every place. That is the next lesson.',
    },
  ],
  exercise,
  code: `import { flatten, linear, relu, sequential, summarize, train } from 'fovea';
import { createEngine, openData } from 'fovea/node';

const engine = await createEngine();
const data = await openData('digits');
const model = sequential([flatten(), linear(64), relu(), linear()]);
const { classifier, history } = await train({ engine, data, model, epochs: 3 });
console.log(summarize(classifier.model).parameters, 'parameters');
for (const { epoch, loss, valLoss, valAccuracy } of history) {
  console.log('epoch', epoch, 'loss', loss.toFixed(3), 'val loss', valLoss.toFixed(3), 'val accuracy', valAccuracy.toFixed(3));
}
await engine.dispose();
`,
  commands: [
    "npx fovea model show 'flatten, linear 64, relu, linear' --input 28x28x1",
    "npx fovea train digits --model 'flatten, linear 64, relu, linear' --epochs 3 --out runs/baseline",
    'npx fovea test runs/baseline --robustness',
  ],
  sources: ['rumelhart1986'],
  misconceptions: [
    {
      thought: 'More parameters make a better network.',
      help: 'Let them raise the hidden units on 200 pictures: the training loss falls sooner, the validation loss hardly changes.',
    },
    {
      thought: 'A training loss of zero is the aim.',
      help: 'Ask for the epoch at which they would have liked to stop, and by which curve they chose it.',
    },
    {
      thought: 'The network knows that neighbouring pixels belong together.',
      help: 'The formula is a sum: its terms can stand in any order. Write it down with two pixels exchanged.',
    },
  ],
};
