import type { Lesson } from '../../lesson.ts';
import { exercise, suspect } from './exercise.ts';
import { robustness, shortcut, unknown } from './experiments.ts';

export const seeing: Lesson = {
  number: 12,
  id: 'seeing',
  title: 'Classifying, and seeing why',
  aims: [
    'use a trained network on pictures of your own, and take its file home',
    'make it say "unknown", and know when that does not help',
    'find out with heatmaps whether it looks at the right thing',
    'measure how much disturbance it bears',
  ],
  minutes: 30,
  blocks: [
    {
      kind: 'text',
      text: 'Your network has been tested. Now it meets pictures that nobody has labelled: from your camera, from a folder. It will answer each of them, whatever they show, because it has nothing but its classes. This lesson asks three questions about such answers. Does it know when it does not know? Does it look at the right thing? And what happens when pictures are a little worse than those of training?',
    },
    { kind: 'heading', text: 'Unknown' },
    {
      kind: 'text',
      text: 'The answer comes with a [probability](term:probability). The simplest way to say "I do not know" is a threshold: below it there is no answer. Where it lies is your choice: a high threshold gives few answers and few mistakes. It is chosen on validation pictures, never on test pictures.',
    },
    { kind: 'experiment', experiment: unknown },
    {
      kind: 'claim',
      claim: {
        text: 'Digits that are hard to read are held back, as you asked: of the answers that it does give, fewer than 6 of 100 are wrong.',
        async measure(host) {
          const { numbers } = await unknown.run(host, { maxError: 3, seed: 1 });
          return numbers.error;
        },
        between: [0, 0.06],
        slow: true,
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'But look at the shapes. None of them is a digit, and more than four in ten are called one all the same.',
        async measure(host) {
          const { numbers } = await unknown.run(host, { maxError: 3, seed: 1 });
          return numbers.foreign;
        },
        between: [0.4, 1],
        slow: true,
      },
    },
    {
      kind: 'text',
      text: 'The threshold was learnt from digits. It says nothing of pictures of another kind: there the [logits](term:logit) may be large for no reason at all. What helps is a class of its own for everything else, with many such pictures in training. The best help is to know what your camera will see.',
    },
    { kind: 'heading', text: 'What did it look at?' },
    {
      kind: 'text',
      text: 'A [heatmap](term:heatmap) shows which parts of a picture counted for an answer. The plainest kind is called occlusion ([Zeiler and Fergus](source:zeiler2013)): hide a small patch, see how far the probability falls, move the patch on. Where it falls most, the network looks. Others, such as Grad-CAM ([Selvaraju and others](source:selvaraju2017)), use the [gradient](term:gradient) instead and need one pass only. Heatmaps are measurements with limits of their own: Grad-CAM can be blind where the last layer has a weight for each place. Try several.',
    },
    {
      kind: 'text',
      text: 'Why would a network look at the wrong thing? Because it was never told what the right thing is. It takes whatever helps to tell the training pictures apart. If all photos of wolves have snow, it may learn snow. This is called a shortcut. No test finds it whose pictures have the same snow.',
    },
    { kind: 'experiment', experiment: shortcut },
    {
      kind: 'claim',
      claim: {
        text: 'With the mark it finds more than 8 of 10 sevens.',
        async measure(host) {
          const { numbers } = await shortcut.run(host, { marked: 100, method: 'occlusion', seed: 1 });
          return numbers.seven;
        },
        between: [0.8, 1],
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'Without it, fewer than 4 of 10.',
        async measure(host) {
          const { numbers } = await shortcut.run(host, { marked: 100, method: 'occlusion', seed: 1 });
          return numbers.bare;
        },
        between: [0, 0.4],
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'And a mark in the corner is enough to turn more than 2 of 10 other digits into sevens.',
        async measure(host) {
          const { numbers } = await shortcut.run(host, { marked: 100, method: 'occlusion', seed: 1 });
          return numbers.called;
        },
        between: [0.2, 1],
      },
    },
    {
      kind: 'text',
      text: 'See what the heatmap does for you: it shows the fault on a *single picture*, before any other test does. Then mend the data, not the network: give the mark to no digit, or to all alike.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'Half a mend does not help: set `marked` to 50, and still the mark turns more than 2 of 10 other digits into sevens.',
        async measure(host) {
          const { numbers } = await shortcut.run(host, { marked: 50, method: 'occlusion', seed: 1 });
          return numbers.called;
        },
        between: [0.2, 1],
      },
    },
    { kind: 'heading', text: 'A little worse than in training' },
    {
      kind: 'text',
      text: 'Cameras shake, light changes, a hand is in front. Do it on purpose and measure: that is a robustness test.',
    },
    { kind: 'experiment', experiment: robustness },
    {
      kind: 'claim',
      claim: {
        text: 'A shift by four pixels costs this network more than 20 points.',
        async measure(host) {
          const { numbers } = await robustness.run(host, { disturbance: 'shift', augment: 'none', seed: 1 });
          return 100 * (numbers.plain - numbers.shift4);
        },
        between: [20, 70],
        slow: true,
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'With [augmentation](term:augmentation) by shifts, `crop:4`, it is right on at least 15 points more of these shifted pictures.',
        async measure(host) {
          const plain = await robustness.run(host, { disturbance: 'shift', augment: 'none', seed: 1 });
          const mended = await robustness.run(host, { disturbance: 'shift', augment: 'crop:4', seed: 1 });
          return 100 * (mended.numbers.shift4 - plain.numbers.shift4);
        },
        between: [15, 70],
        slow: true,
      },
    },
    { kind: 'heading', text: 'Take it home' },
    {
      kind: 'text',
      text: 'A trained network is one file: its layers, weights, class names and how pictures are prepared. It needs neither the training pictures nor this computer. `fovea classify` takes photos with it, `fovea export` writes it for other programs, and proves that it says the same there. In the studio, try it with your camera.',
    },
    { kind: 'experiment', experiment: suspect },
  ],
  exercise,
  code: `import { classify, drawSheet, methods, openExplainer, pictureAt, train, writeClassifier } from 'fovea';
import { createEngine, encodePng, openData } from 'fovea/node';

const engine = await createEngine();
const data = await openData('digits');
const { classifier } = await train({ engine, data, model: 'lenet5', epochs: 1 });
if (!data.test) throw new Error('these data have no test pictures');
const picture = pictureAt(data.test, 7);
const [answers] = await classify(engine, classifier, [picture], 3);
for (const answer of answers) console.log(answer.class, answer.probability);
await engine.dispose();

const another = await createEngine();
const explainer = openExplainer(another, classifier);
const occlusion = methods.find(({ name }) => name === 'occlusion');
const explanation = await occlusion?.run(explainer, explainer.prepare(picture), {});
for (const sentence of explanation?.words ?? []) console.log(sentence);
const png = await encodePng(drawSheet(explanation?.panels ?? [], 224));
console.log('a sheet of', png.length, 'bytes; a model file of', (await writeClassifier(classifier)).length, 'bytes');
await another.dispose();
`,
  commands: [
    'npx fovea train digits --model lenet5 --epochs 1 --out runs/mine',
    'npx fovea calibrate runs/mine --max-error 0.02',
    'npx fovea test runs/mine --robustness --foreign shapes --resamples 0',
    'npx fovea data augment digits --sheet no-digit.png --count 1',
    'npx fovea classify runs/mine no-digit.png',
    'npx fovea explain runs/mine no-digit.png --method occlusion --out why.html',
    'npx fovea export runs/mine --out digits.onnx',
  ],
  sources: ['zeiler2013', 'selvaraju2017'],
  misconceptions: [
    {
      thought: 'It was sure, so the picture shows one of its classes.',
      help: 'Give it something else entirely. It can only divide 100 % among what it knows.',
    },
    {
      thought: 'The test was good, so it has learnt the right thing.',
      help: 'Test the marked network on marked pictures: a fine figure. Then take the mark away.',
    },
    {
      thought: 'A heatmap shows why the network decided.',
      help: 'It shows where something counted, by one way of measuring. Compare occlusion with Grad-CAM on the same picture.',
    },
  ],
};
