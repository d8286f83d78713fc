import { wilsonInterval } from '../../../../evaluate/interval.ts';
import type { Lesson } from '../../lesson.ts';
import { exercise } from './exercise.ts';
import { compare, luck, report } from './experiments.ts';

export const testing: Lesson = {
  number: 11,
  id: 'testing',
  title: 'Testing honestly',
  aims: [
    'read a confusion matrix and say what a network mixes up',
    'tell how far a figure can be trusted, from the number of test pictures',
    'name three ways in which a test flatters, and avoid them',
    'say whether one of two networks is better, or whether it may be chance',
  ],
  minutes: 30,
  blocks: [
    {
      kind: 'text',
      text: 'A network is trained, and you want one number: how good is it? The number is easily had, and easily wrong. This lesson is about the ways in which we fool ourselves. The first rule you know: training pictures are for learning, validation pictures for choosing, and test pictures are looked at once, at the end. Together they are the [split](term:split).',
    },
    { kind: 'experiment', experiment: report },
    { kind: 'heading', text: 'Which mistakes?' },
    {
      kind: 'text',
      text: 'The [accuracy](term:accuracy) is the share of right answers. It hides which answers are wrong. The [confusion matrix](term:confusion-matrix) shows that: each row is what the pictures are, each column what the network said. Look for large numbers away from the diagonal. Two digits that are mixed up in both directions look alike to the network; a column that is full says that it likes one answer too much. Often such a cell leads you to wrong labels, or to pictures that nobody could tell apart.',
    },
    { kind: 'heading', text: 'How sure is the number?' },
    {
      kind: 'text',
      text: 'Your test pictures are a sample. Others would have given another figure. The [confidence interval](term:confidence-interval) says how much that matters: in 95 of 100 tests the range that you work out so holds the true value. Few pictures, wide interval. To halve it, you need four times as many.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'With 90 of 100 right, the interval is about 12 points wide.',
        async measure() {
          const [low, high] = wilsonInterval(90, 100);
          return 100 * (high - low);
        },
        between: [11, 13],
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'With 900 of 1,000 right, it is less than 4 points wide.',
        async measure() {
          const [low, high] = wilsonInterval(900, 1000);
          return 100 * (high - low);
        },
        between: [3, 4],
      },
    },
    {
      kind: 'text',
      text: 'Mind the single digits in the report: of 200 test pictures only 20 show a 3, so what it says of threes is rough.',
    },
    { kind: 'heading', text: 'May it be believed when it is sure?' },
    {
      kind: 'text',
      text: 'A network gives each answer a [probability](term:probability). If it says 0.8 a hundred times, it should be right about eighty times. Then it has good [calibration](term:calibration). [Guo and others](source:guo2017) found that modern networks are usually too sure. The cure is simple: divide all [logits](term:logit) by one number, the temperature, which is fitted on the validation pictures. No answer changes, only how sure it is. Above 1 it makes the network more modest.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'The longer it learns the same pictures, the surer it gets: set `epochs` to 60 and the temperature is above 1.3.',
        async measure(host) {
          const { numbers } = await report.run(host, { testPictures: 1000, leaked: 0, epochs: 60, seed: 1 });
          return numbers.temperature;
        },
        between: [1.3, 3],
        slow: true,
      },
    },
    { kind: 'heading', text: 'Leaks' },
    {
      kind: 'text',
      text: 'If test pictures are also among the training pictures, the test asks what the network remembers. This is [leakage](term:leakage). It rarely happens on purpose: the same photo was saved twice, ten frames of one film were dealt out on both sides, one patient gave several pictures. Move `leaked` to 100 in the experiment above and compare both bars.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'With all test pictures leaked, the test promises at least 3 points more than new pictures give.',
        async measure(host) {
          const { numbers } = await report.run(host, { testPictures: 200, leaked: 100, epochs: 12, seed: 1 });
          return 100 * (numbers.accuracy - numbers.fresh);
        },
        between: [3, 30],
        slow: true,
      },
    },
    {
      kind: 'text',
      text: 'Fovea looks for copies before each training and takes them out. It cannot know that two different pictures show one patient: that you must tell it, with groups.',
    },
    { kind: 'heading', text: 'Looking too often' },
    {
      kind: 'text',
      text: 'There is a leak that no program finds: you. You test, change something, test again, and keep what was best. Each look takes a little luck from the test pictures.',
    },
    { kind: 'experiment', experiment: luck },
    {
      kind: 'claim',
      claim: {
        text: 'The best of 50 that only guess seems to be right on more than 14 of 100 pictures.',
        async measure(host) {
          const { numbers } = await luck.run(host, { tries: 50, testPictures: 100, seed: 1 });
          return numbers.best;
        },
        between: [0.14, 0.3],
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'On new pictures it is right on one of ten, as all of them are.',
        async measure(host) {
          const { numbers } = await luck.run(host, { tries: 50, testPictures: 100, seed: 1 });
          return numbers.fresh;
        },
        between: [0.07, 0.13],
      },
    },
    {
      kind: 'text',
      text: 'So choose by validation pictures, as often as you like, and look at the test pictures once. Fovea counts the looks and writes them into the report.',
    },
    { kind: 'heading', text: 'Is this one better?' },
    {
      kind: 'text',
      text: 'Two networks, tested on the same pictures. Most pictures both get right; they say nothing about the difference. What counts are the pictures on which only one is right. If these are split 12 to 10, it may be chance; 40 to 5 is not. The test that works this out is called McNemar’s.',
    },
    { kind: 'experiment', experiment: compare },
    {
      kind: 'claim',
      claim: {
        text: 'Eight kernels beat a single layer by more than chance: even the low end of the interval of their difference is above zero.',
        async measure(host) {
          const { numbers } = await compare.run(host, {
            first: 'one layer',
            second: '8 kernels',
            secondSeed: 1,
            testPictures: 500,
          });
          return numbers.low;
        },
        between: [0.001, 0.5],
        slow: true,
      },
    },
    {
      kind: 'text',
      text: 'One trap is left. The test compares two trained networks, not two designs. Compare eight kernels with eight kernels, the second from [seed](term:seed) 2: the same design, and yet one is better.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'The seed alone makes a difference of more than 2 points.',
        async measure(host) {
          const { numbers } = await compare.run(host, {
            first: '8 kernels',
            second: '8 kernels',
            secondSeed: 2,
            testPictures: 500,
          });
          return 100 * Math.abs(numbers.difference);
        },
        between: [2, 10],
        slow: true,
      },
    },
    {
      kind: 'text',
      text: 'So train each design from a few seeds before you say that one is better. If your improvement is no larger than what the seed does, you have found another seed.',
    },
  ],
  exercise,
  code: `import { conv2d, evaluate, flatten, linear, maxPool2d, relu, sequential, train } from 'fovea';
import { createEngine, openData } from 'fovea/node';

const engine = await createEngine();
const data = await openData('digits');
const model = sequential([conv2d(8, { kernelSize: 5 }), relu(), maxPool2d(2), flatten(), linear()]);
const { classifier } = await train({ engine, data, model, epochs: 1 });
if (!data.test) throw new Error('these data have no test pictures');
const { accuracy, interval, classes, confusion } = await evaluate(engine, classifier, data.test);
console.log('accuracy', accuracy, 'between', interval);
for (const [i, one] of classes.entries()) console.log(one.class, one.recall, one.recallInterval, confusion[i].join(' '));
await engine.dispose();
`,
  commands: [
    "npx fovea train digits --model 'flatten, linear' --epochs 2 --out runs/linear",
    "npx fovea train digits --model 'conv 8 5, relu, pool 2, flatten, linear' --epochs 1 --out runs/kernels",
    'npx fovea test runs/linear runs/kernels',
    'npx fovea calibrate runs/kernels --max-error 0.02',
  ],
  sources: ['guo2017'],
  misconceptions: [
    {
      thought: '93.2 % is better than 92.8 %.',
      help: 'Ask on how many pictures. Then let them compare a network with itself from another seed.',
    },
    {
      thought: 'A probability of 0.99 means that the answer is right.',
      help: 'It means that the network says so. The reliability curve shows how often such answers are right.',
    },
    {
      thought: 'Testing often does no harm, because nothing is learnt from the test pictures.',
      help: 'The person learns from them. Let them run the guessers with 200 tries.',
    },
  ],
};
