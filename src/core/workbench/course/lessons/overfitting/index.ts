import type { Lesson } from '../../lesson.ts';
import { exercise, trainWith } from './exercise.ts';
import { complexity, oneKnob } from './experiments.ts';

export const overfitting: Lesson = {
  number: 10,
  id: 'overfitting',
  title: 'Overfitting and regularisation',
  aims: [
    'say why a network learns its pictures by heart, and what its connections have to do with it',
    'turn one knob at a time and say from measurement what it gave',
    'tell a gap that was closed from a network that was crippled',
  ],
  minutes: 35,
  blocks: [
    {
      kind: 'text',
      text: 'Lesson 9 showed a network that learns pictures by heart: its train loss goes to zero, and its [validation loss](term:val-loss) does not follow. That is [overfitting](term:overfitting). Now you mend it, and measure what each remedy gives.',
    },
    { kind: 'heading', text: 'Too many ways to be right' },
    {
      kind: 'text',
      text: 'Five hundred pictures are five hundred questions with known answers. A network with a hundred thousand [parameters](term:parameter) has many ways to answer all of them. Some of these ways see what makes a 3 a 3. Others go by a speck in a corner that, by chance, only the threes have. The loss on the training pictures cannot tell them apart.',
    },
    {
      kind: 'text',
      text: 'How a network is connected matters as much as how large it is. In a [fully connected layer](term:fully-connected) every output has a weight for every input, so each pixel can become a sign of its own. A [convolution](term:convolution) has few weights and uses them everywhere: a speck in one corner cannot get a weight to itself. The limits that you build in are knowledge about pictures.',
    },
    { kind: 'experiment', experiment: complexity },
    {
      kind: 'claim',
      claim: {
        text: 'The network with convolutions has less than a tenth of the parameters of the widest one, and less than three quarters of its val loss.',
        async measure(host) {
          const { numbers } = await complexity.run(host, { epochs: 15, seed: 1 });
          return numbers.parameterRatio < 0.1 ? numbers.lossRatio : 9;
        },
        between: [0.2, 0.75],
        slow: true,
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'Look closer at the fully connected ones: 256 units between do no worse than 32, though they have eight times as many parameters.',
        async measure(host) {
          const { numbers } = await complexity.run(host, { epochs: 15, seed: 1 });
          return numbers.wideToNarrow;
        },
        between: [0.7, 1],
        slow: true,
      },
    },
    {
      kind: 'text',
      text: 'More parameters make it easier to learn by heart, but they do not force the network to. Count parameters to know what a network costs; look at val loss to know whether it overfits.',
    },
    { kind: 'heading', text: 'Four knobs' },
    {
      kind: 'text',
      text: 'Whatever keeps a network from learning by heart is called [regularisation](term:regularisation). [Weight decay](term:weight-decay) pulls every weight a little towards zero at each step, so only what is needed again and again stays large ([Krogh and Hertz, 1992](source:krogh1992)). [Dropout](term:dropout) leaves out a random share of the units at each step, so no unit can rely on one other ([Srivastava and others, 2014](source:srivastava2014)). [Augmentation](term:augmentation) changes the pictures in ways that do not change what they show, so that the network never sees the same picture twice ([Krizhevsky and others, 2012](source:krizhevsky2012)). And *more pictures* are what all others try to replace.',
    },
    {
      kind: 'text',
      text: 'Turn one knob at a time. If you change two things and it gets better, you do not know which one did it, and the other may have done harm.',
    },
    { kind: 'experiment', experiment: oneKnob },
    { kind: 'heading', text: 'What was measured' },
    {
      kind: 'claim',
      claim: {
        text: 'Shifts of at most two pixels bring val loss to less than half of what it was: digits stand in different places, and a shifted 3 is still a 3.',
        async measure(host) {
          const { numbers } = await oneKnob.run(host, { knob: 'augmentation', seed: 1 });
          return numbers.ratio;
        },
        between: [0.15, 0.5],
        slow: true,
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'Four times as many pictures, for as many steps, do it too: less than six tenths of the val loss.',
        async measure(host) {
          const { numbers } = await oneKnob.run(host, { knob: 'more pictures', seed: 1 });
          return numbers.muchRatio;
        },
        between: [0.15, 0.6],
        slow: true,
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'Dropout of one half helps this network, but less than shifts do.',
        async measure(host) {
          const [dropout, shifts] = [
            await oneKnob.run(host, { knob: 'dropout', seed: 1 }),
            await oneKnob.run(host, { knob: 'augmentation', seed: 1 }),
          ];
          return dropout.numbers.ratio > shifts.numbers.ratio ? dropout.numbers.ratio : 9;
        },
        between: [0.5, 0.95],
        slow: true,
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'Weight decay hardly changes anything here: val loss moves by less than a fifth. And thirty times as much of it makes val loss more than three times as high.',
        async measure(host) {
          const { numbers } = await oneKnob.run(host, { knob: 'weight decay', seed: 1 });
          return numbers.muchRatio > 3 ? numbers.ratio : 9;
        },
        between: [0.8, 1.2],
        slow: true,
      },
    },
    {
      kind: 'text',
      text: 'This is no ranking for all times. On photographs, in longer trainings, with other networks the order can change. What stays is the way: everything off, one knob, the same validation pictures, a number.',
    },
    { kind: 'heading', text: 'Closing a gap from the wrong side' },
    {
      kind: 'text',
      text: 'Every knob can be turned too far. Then train loss rises to meet val loss: the gap is gone, and the network is worse. That is [underfitting](term:underfitting). So never look at the gap alone. It should close because val loss falls.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'Half of the units dropped in the small network of the exercise makes its gap smaller and its val loss higher, both at once.',
        async measure(host) {
          const [plain, dropped] = [
            await trainWith(host, { weightDecay: 0.01, dropout: 0, shift: 0 }),
            await trainWith(host, { weightDecay: 0.01, dropout: 0.5, shift: 0 }),
          ].map(({ trained }) => trained.history[trained.history.length - 1]);
          const gap = (of: typeof plain): number => of.valLoss - (of.trainLoss ?? of.loss);
          return gap(dropped) < gap(plain) ? dropped.valLoss / plain.valLoss : 0;
        },
        between: [1.1, 3],
        slow: true,
      },
    },
    {
      kind: 'text',
      text: 'And a change must leave what the picture shows. A 6 that is turned upside down is a 9; a mirrored street sign is no street sign. Look at augmented pictures before you train on them: `fovea data augment` draws a sheet.',
    },
  ],
  exercise,
  code: `import { parseShorthand, subset, train } from 'fovea';
import { createEngine, openData } from 'fovea/node';

const engine = await createEngine();
const { train: pictures } = await openData('digits');
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const data = { train: subset(pictures!, range(0, 500)), val: subset(pictures!, range(2000, 2500)) };
const model = parseShorthand('conv 16, relu, pool 2, conv 32, relu, pool 2, flatten, linear 64, relu, linear');
const off = { engine, data, model, epochs: 8, weightDecay: 0 };
for (const knob of [{}, { weightDecay: 1 }, { dropout: 0.5 }, { augmentation: { crop: 2 } }]) {
  const { history } = await train({ ...off, ...knob });
  const { trainLoss, valLoss } = history[history.length - 1];
  console.log(knob, 'train loss', trainLoss, 'val loss', valLoss);
}
await engine.dispose();
`,
  commands: [
    'npx fovea data augment digits --augment crop:2 --sheet shifted.png',
    "npx fovea train digits --model 'conv 8 5, relu, pool 2, flatten, linear 32, relu, linear' --augment crop:2 --weight-decay 0.01 --epochs 3 --out runs/shifted",
    "npx fovea train digits --model 'conv 8 5, relu, pool 2, flatten, linear 32, relu, linear' --dropout 0.5 --epochs 3 --out runs/dropped",
    'npx fovea runs runs',
  ],
  sources: ['krogh1992', 'srivastava2014', 'krizhevsky2012'],
  misconceptions: [
    {
      thought: 'A network with more parameters overfits more.',
      help: 'Not by itself: in the first experiment 256 units do no worse than 32. What is connected to what matters more.',
    },
    {
      thought: 'The smaller the gap, the better the network.',
      help: 'Turn any knob to its end: both losses are high and close to each other. Look at val loss.',
    },
    {
      thought: 'Dropout and weight decay always help.',
      help: 'Here weight decay does next to nothing, and dropout harms the small network of the exercise. Measure.',
    },
    {
      thought: 'Augmented pictures are as good as new ones.',
      help: 'They only teach what they change. Shifts teach nothing about another hand’s way to write a 4.',
    },
  ],
};
