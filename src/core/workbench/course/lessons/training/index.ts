import type { Lesson } from '../../lesson.ts';
import { exercise } from './exercise.ts';
import { descend, finder, oneThing, oneWeight } from './experiments.ts';

export const training: Lesson = {
  number: 8,
  id: 'training',
  title: 'Training',
  aims: [
    'compute the gradient of one weight with a pocket calculator, and check it',
    'find a learning rate by feel and with the finder',
    'say what batch size and momentum do to a training',
  ],
  minutes: 35,
  blocks: [
    {
      kind: 'text',
      text: 'A network begins with random [weights](term:weight), and it guesses. Training changes the weights until it guesses no more. All of it is three things, again and again: a loss, a gradient, a step.',
    },
    { kind: 'heading', text: 'Loss: how wrong' },
    {
      kind: 'text',
      text: 'Show the network a picture. Its last layer gives each class a number, the [logit](term:logit), and [softmax](term:softmax) makes [probabilities](term:probability) of them. The [loss](term:loss) is minus the logarithm of the probability of the right class: small if that is near 1, large if it is near 0.',
    },
    { kind: 'heading', text: 'Gradient: whose fault' },
    {
      kind: 'text',
      text: 'Now ask of every weight: if you grew a little, would the loss grow or shrink, and how fast? The answer is one number for each weight, and all of them together are the [gradient](term:gradient). One could find it by trying: move one weight a little, measure the loss, move it back. With a million weights that is a million trials for one step.',
    },
    {
      kind: 'text',
      text: '[Backpropagation](term:backpropagation) finds all of them in one walk from the loss back to the picture ([Rumelhart, Hinton and Williams, 1986](source:rumelhart1986)). It begins simply: the gradient of a logit is the probability of its class, less 1 if it is the right class.',
    },
    {
      kind: 'formula',
      formula: 'gradient of a weight = its input · gradient of its output',
      words:
        'What a weight multiplies, times how much the sum that it goes into counts. The gradient of a unit further back is the sum, over all units that it feeds, of weight times gradient. A relu lets a gradient through where its unit was positive, and stops it elsewhere.',
    },
    { kind: 'experiment', experiment: oneWeight },
    {
      kind: 'text',
      text: 'Check the numbers with a pocket calculator. Then look at the last table: it moves the weight by 0.01 to both sides, and divides the difference of the two losses by 0.02. That is the same gradient, by trial. Then take input 0 instead: its gradient is zero, because that unit was not positive. What multiplies nothing has no share in the fault. Another [seed](term:seed) begins with other weights.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'Trial and backpropagation agree to better than one part in a hundred, here for a weight of the first layer.',
        async measure(host) {
          const options = { digit: 3, layer: 'first', input: 5, unit: 3, learningRate: 0.5, seed: 1 };
          const { numbers } = await oneWeight.run(host, options);
          return numbers.nudged / numbers.gradient;
        },
        between: [0.99, 1.01],
      },
    },
    { kind: 'heading', text: 'Step: a little downhill' },
    {
      kind: 'formula',
      formula: 'weight ← weight − learning rate · gradient',
      words: 'Each weight goes against its gradient. The learning rate says how far. All weights step at once.',
    },
    {
      kind: 'text',
      text: 'The gradient only knows the slope under its feet, so the [learning rate](term:learning-rate) matters more than any other setting. Too low, and you hardly move. Too high, and you jump across the valley and land higher than before. Change it below and see both.',
    },
    { kind: 'experiment', experiment: oneThing },
    {
      kind: 'claim',
      claim: {
        text: 'In six epochs a rate of 0.001 hardly leaves the 2.30 of guessing, and a rate of 1 does not leave it either.',
        async measure(host) {
          const low = await descend(host, { learningRate: 0.001, batch: 32, momentum: 0, seed: 1 });
          const high = await descend(host, { learningRate: 1, batch: 32, momentum: 0, seed: 1 });
          return Math.min(...[low, high].map(({ history }) => history[history.length - 1]?.trainLoss ?? 9));
        },
        between: [2.1, 9],
        slow: true,
      },
    },
    {
      kind: 'text',
      text: 'You need not guess. The finder begins far too low and raises the rate at every step ([Smith, 2017](source:smith2017)). At first the loss lies still, then it falls, then it breaks away. Take the rate where it falls most steeply.',
    },
    { kind: 'experiment', experiment: finder },
    {
      kind: 'claim',
      claim: {
        text: 'Without momentum it suggests a rate between 0.01 and 0.1: a tenth, or less, of the rate of 1 that failed above.',
        async measure(host) {
          const { numbers } = await finder.run(host, { momentum: 0, batch: 32, seed: 1 });
          return numbers.suggestion;
        },
        between: [0.01, 0.1],
      },
    },
    { kind: 'heading', text: 'Batch: how many pictures a step' },
    {
      kind: 'text',
      text: 'The gradient of a single picture is a poor guide to all the others. So a [step](term:step) takes the mean over a [batch](term:batch). A larger batch gives a surer direction, but fewer steps in an [epoch](term:epoch). Doubling the pictures does not double what you learn from them; doubling the steps often does more.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'With the same rate and six epochs, batches of 8 bring the train loss to less than a fifth of what batches of 128 bring it to.',
        async measure(host) {
          const small = await descend(host, { learningRate: 0.05, batch: 8, momentum: 0, seed: 1 });
          const large = await descend(host, { learningRate: 0.05, batch: 128, momentum: 0, seed: 1 });
          const [a, b] = [small, large].map(({ history }) => history[history.length - 1].trainLoss ?? Number.NaN);
          return a / b;
        },
        between: [0, 0.2],
        slow: true,
      },
    },
    { kind: 'heading', text: 'Momentum: keep rolling' },
    {
      kind: 'text',
      text: 'With [momentum](term:momentum) 0.9 a step keeps nine tenths of the last one. Where gradients agree, the steps add up, to ten times their length. Where they contradict each other, they cancel out: the ball rolls along the valley instead of bouncing between its sides. So momentum wants a lower learning rate.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'At a rate of 0.01, momentum 0.9 brings the train loss to less than a third of what it is without.',
        async measure(host) {
          const without = await descend(host, { learningRate: 0.01, batch: 32, momentum: 0, seed: 1 });
          const kept = await descend(host, { learningRate: 0.01, batch: 32, momentum: 0.9, seed: 1 });
          const [a, b] = [kept, without].map(({ history }) => history[history.length - 1].trainLoss ?? Number.NaN);
          return a / b;
        },
        between: [0, 0.33],
        slow: true,
      },
    },
    {
      kind: 'text',
      text: 'Most trainings go further: an [optimizer](term:optimizer) such as Adam gives every weight a step length of its own, and a [schedule](term:schedule) lowers the rate towards the end, as one slows down before parking. What you saw stays true for them: first the learning rate, then all else.',
    },
  ],
  exercise,
  code: `import { NonFiniteError, parseShorthand, train } from 'fovea';
import { createEngine, openData } from 'fovea/node';

const engine = await createEngine();
const data = await openData('digits');
for (const learningRate of [0.0001, 0.05, 2]) {
  try {
    const { history } = await train({
      engine,
      data,
      model: parseShorthand('conv 8 5, relu, pool 2, flatten, linear'),
      epochs: 1,
      batch: 32,
      learningRate,
      optimizer: { type: 'sgd', momentum: 0 },
      schedule: { type: 'constant' },
    });
    console.log(learningRate, 'train loss', history[0].trainLoss, 'val loss', history[0].valLoss);
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    console.log(learningRate, error.message);
  }
}
await engine.dispose();
`,
  commands: [
    'npx fovea lr-find digits --model lenet5 --optimizer sgd:0',
    'npx fovea train digits --model lenet5 --optimizer sgd:0 --lr 0.05 --schedule constant --batch 32 --epochs 2 --out runs/steps',
  ],
  sources: ['rumelhart1986', 'smith2017'],
  misconceptions: [
    {
      thought: 'The gradient says where the best weights are.',
      help: 'It says which way is down here, and nothing about how far. Let them set the learning rate in the first experiment to 10 and read the loss after the step.',
    },
    {
      thought: 'A higher learning rate learns faster.',
      help: 'Up to a point: Change one thing shows 0.1 better than 0.01, and 1 at the loss of guessing.',
    },
    {
      thought: 'A larger batch is better, since it sees more pictures.',
      help: 'An epoch has the same pictures either way. Count the steps in the table: 8 pictures a step give 450 of them, 512 give 12.',
    },
    {
      thought: 'Backpropagation is training.',
      help: 'It only computes the gradient. The step is one line more, and the optimizer decides it.',
    },
  ],
};
