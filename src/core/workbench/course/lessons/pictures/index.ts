import type { Lesson } from '../../lesson.ts';
import { exercise } from './exercise.ts';
import { deal, examine, memorise, numbers } from './experiments.ts';

export const pictures: Lesson = {
  number: 1,
  id: 'pictures',
  title: 'Pictures are numbers',
  aims: [
    'say what a network gets to see of a picture',
    'bring pictures into an order that a network can be trained from',
    'find the faults of a data set before they spoil a result',
  ],
  minutes: 25,
  blocks: [
    {
      kind: 'text',
      text: 'You see a seven. A computer gets numbers. A picture is a grid of points, called [pixels](term:pixel). In a grey picture each pixel is one number: 0 is black, 255 is white. A coloured picture has three such grids, one for red, one for green and one for blue; they are its [channels](term:channel). Such a block of numbers is called a [tensor](term:tensor), and what matters about it is its shape: height, width, channels.',
    },
    { kind: 'experiment', experiment: numbers },
    {
      kind: 'claim',
      claim: {
        text: 'A digit here has 28 x 28 pixels and one channel: 784 numbers.',
        measure: async (host) => (await numbers.run(host, { set: 'digits', picture: 0, brightness: 1 })).numbers.count,
        between: [784, 784],
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'A coloured shape has 32 x 32 pixels and three channels: 3,072 numbers.',
        measure: async (host) => (await numbers.run(host, { set: 'shapes', picture: 0, brightness: 1 })).numbers.count,
        between: [3072, 3072],
      },
    },
    {
      kind: 'text',
      text: 'So to classify a picture is to go from many numbers to one answer. Nobody can write down the rule: which numbers make a seven? But we can collect examples and let a network find the rule. Everything then depends on the examples. That is why this course begins with them.',
    },
    { kind: 'heading', text: 'Folders are labels' },
    {
      kind: 'text',
      text: 'A network learns from pictures and answers: what a person says that a picture shows is its [label](term:label), and the possible answers are the [classes](term:class). The simplest order is one folder for each class. The folder `two` holds pictures of twos, so the folder is the label. All pictures with their labels are the [data set](term:dataset), and to bring it into such an order is called [data structuring](term:data-structuring).',
    },
    { kind: 'heading', text: 'Why there are three parts' },
    {
      kind: 'text',
      text: 'A pupil who is examined with the very exercises that were practised may have learnt them by heart. It is the same with a network. Try it.',
    },
    { kind: 'experiment', experiment: memorise },
    {
      kind: 'claim',
      claim: {
        text: 'It is right on all of the 100 pictures that it learnt from.',
        measure: async (host) => (await memorise.run(host, { pictures: 100, epochs: 30, seed: 1 })).numbers.own,
        between: [0.99, 1],
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'On others it is right in fewer than 7 of 10 cases.',
        measure: async (host) => (await memorise.run(host, { pictures: 100, epochs: 30, seed: 1 })).numbers.others,
        between: [0.3, 0.7],
      },
    },
    {
      kind: 'text',
      text: 'So pictures are dealt out before anything is trained; that is the [split](term:split). The network learns from the *training* pictures. By the *validation* pictures you choose: how long to train, which network to keep. Choosing is a kind of learning too, for you keep what happened to suit these pictures. So a third part, the *test* pictures, is put away, and looked at once, at the end ([Goodfellow and others](source:goodfellow2016), chapter 5).',
    },
    {
      kind: 'text',
      text: 'Two rules make a split fair. Each class is dealt out by itself, so that a rare one is in every part. And pictures that show the same thing, such as ten photos of one leaf, go to the same part: else the network would be tested on what it knows. That mistake is called [leakage](term:leakage).',
    },
    { kind: 'experiment', experiment: deal },
    {
      kind: 'claim',
      claim: {
        text: 'With shares of 15 %, no class is a whole picture away from its share.',
        measure: async (host) => (await deal.run(host, { val: 0.15, test: 0.15, series: 1, seed: 1 })).numbers.furthest,
        between: [0, 0.999],
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'With five pictures of each thing, no series is torn apart.',
        measure: async (host) => (await deal.run(host, { val: 0.15, test: 0.15, series: 5, seed: 1 })).numbers.torn,
        between: [0, 0],
      },
    },
    { kind: 'heading', text: 'Faults, and who finds them' },
    {
      kind: 'text',
      text: 'Collected pictures are never clean. Files break off. A photo is stored twice, once in the wrong folder. A test picture slips in among the training pictures. A network does not complain about any of this. It learns the wrong label, and it shows a fine result for the picture that it had seen. So look first. `fovea data doctor` looks at every picture and tells what is wrong with the set.',
    },
    { kind: 'experiment', experiment: examine },
    {
      kind: 'claim',
      claim: {
        text: 'With all five faults planted the doctor has five findings.',
        measure: async (host) =>
          (await examine.run(host, { copy: true, 'wrong label': true, blank: true, unreadable: true, leak: true }))
            .numbers.findings,
        between: [5, 5],
      },
    },
    {
      kind: 'text',
      text: 'The doctor finds what can be seen by comparing: the same pixels twice, nearly the same, nothing at all. It cannot know that a lone picture of a two lies among the threes. For that one has to look, or ask networks that did not learn from the picture what they think of its label (`fovea data suspects`).',
    },
  ],
  exercise,
  code: `import { pictureAt, splitOff } from 'fovea';
import { openData } from 'fovea/node';

const { train, test } = await openData('digits');
if (!train || !test) throw new Error('the built-in digits have both');
const { height, width, channels, data } = pictureAt(train, 4);
console.log(height, 'x', width, 'x', channels, '=', data.length, 'numbers; label:', train.classNames[train.labels[4]]);
for (let row = 0; row < height; row += 2) {
  console.log(Array.from({ length: width / 2 }, (_, i) => String(data[row * width + 2 * i]).padStart(4)).join(''));
}
const { kept, taken } = splitOff(train, 0.15, 1);
console.log(kept.count, 'to train on,', taken.count, 'to choose by,', test.count, 'to test on once');
`,
  commands: [
    'npx fovea data show digits',
    'npx fovea data doctor digits',
    'npx fovea data split digits --out digits.split.json --val 0.15',
  ],
  sources: ['goodfellow2016'],
  misconceptions: [
    {
      thought: 'The network sees the picture as I do and only has to recognise it.',
      help: 'Let them read the grid of numbers aloud, without the picture, to somebody who has to guess the digit.',
    },
    {
      thought: 'Validation and test are the same thing twice.',
      help: 'Ask who decides by it. What a person decides by is used up; let them choose the best of 20 coin tossers and toss again.',
    },
    {
      thought: 'One wrong picture in a thousand does not matter.',
      help: 'In training perhaps not; a leak in a test of 12 pictures is worth 8 points.',
    },
  ],
};
