import { parseShorthand } from '../../../../model/shorthand.ts';
import type { Lesson } from '../../lesson.ts';
import { digitParts, trainWatched } from '../../watched-training.ts';
import { withEngine } from '../../with-engine.ts';
import { curveCases } from './curves.ts';
import { exercise } from './exercise.ts';
import { readCurves, runCase, stopEarly, threeLosses } from './experiments.ts';

export const validationLoss: Lesson = {
  number: 9,
  id: 'validation-loss',
  title: 'Loss and validation loss',
  aims: [
    'say which of three losses a number is, and which two may be compared',
    'read a pair of curves and name what is likely wrong',
    'stop a training at the right time and keep the right weights',
  ],
  minutes: 35,
  blocks: [
    {
      kind: 'text',
      text: 'A training tells you two curves. Whoever can read them knows most of what there is to know about it: whether it learns, whether what it learns is any use, and what to change next. This lesson is about reading them.',
    },
    { kind: 'heading', text: 'How wrong, as a number' },
    {
      kind: 'text',
      text: 'The [loss](term:loss) says how wrong the network is about a picture. It looks at one thing only: which [probability](term:probability) the right [class](term:class) got.',
    },
    {
      kind: 'formula',
      formula: 'loss = −ln p',
      words:
        'The loss is minus the natural logarithm (the ln key of a pocket calculator) of the probability p of the right class. If p is 1 the loss is 0; if p is 0.5 it is 0.69; if p is 0.01 it is 4.6. The loss of many pictures is their mean.',
    },
    {
      kind: 'text',
      text: '[Accuracy](term:accuracy) only asks whether the right class came first. The loss also asks how sure the network was. So the loss can rise while accuracy stays: the network makes no more mistakes than before, but is surer of them.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'Know one number by heart: who guesses among ten classes gives each a probability of 0.1, and −ln 0.1 is 2.30. A network begins near it, before its first step.',
        measure: (host) =>
          withEngine(host, async (engine) => {
            const model = parseShorthand('conv 8 5, relu, pool 2, flatten, linear 32, relu, linear');
            const parts = digitParts({ train: 100, val: 20 });
            const { telemetry } = await trainWatched(host, engine, parts, { model, epochs: 1, seed: 1 });
            return telemetry[0].sampleLoss ?? Number.NaN;
          }),
        between: [2.2, 2.6],
      },
    },
    { kind: 'heading', text: 'Three honest losses' },
    {
      kind: 'text',
      text: 'The *running loss* is what training meets on its way: the mean over the [batches](term:batch) of an [epoch](term:epoch). The network was changing meanwhile, and it had the handicaps of training: units left out ([dropout](term:dropout)), pictures shifted ([augmentation](term:augmentation)). The *train loss* is measured after the epoch on training pictures, without handicaps. The [validation loss](term:val-loss), or val loss, is measured in the same way on pictures that it never learns from.',
    },
    {
      kind: 'text',
      text: 'Many programs draw the running loss and call it train loss. Then val loss can lie below it, and people wonder how a network can do better on pictures that it has never seen. It does not: it was only measured under two different conditions. Fovea measures all three.',
    },
    { kind: 'experiment', experiment: threeLosses },
    {
      kind: 'claim',
      claim: {
        text: 'With half of the units dropped and pictures shifted, the running loss ends above both others, val loss included.',
        async measure(host) {
          const options = { pictures: 300, dropout: 0.5, shift: 2, epochs: 10, seed: 1 };
          const { numbers } = await threeLosses.run(host, options);
          return numbers.running / Math.max(numbers.train, numbers.val);
        },
        between: [1.03, 4],
      },
    },
    { kind: 'heading', text: 'Reading the pair' },
    {
      kind: 'text',
      text: 'Ask three questions, in this order. *Does train loss fall?* If it stays near guessing, nothing is learnt: look at the [learning rate](term:learning-rate) first. *Does it fall far enough?* If even training pictures stay hard, that is [underfitting](term:underfitting): a larger network, or longer training. *Does val loss follow?* If it stops while train loss goes on, that is [overfitting](term:overfitting): the network learns these very pictures, by heart. The gap between the curves is the price.',
    },
    {
      kind: 'text',
      text: 'A gap can be too small as well. If the curves lie on each other to the end, ask whether validation pictures are among the training pictures: [leakage](term:leakage). And if val loss rises from the first epoch on, there may be nothing to learn, such as labels drawn by lot, which a network learns all the same ([Zhang and others, 2017](source:zhangc2017)).',
    },
    { kind: 'experiment', experiment: readCurves },
    {
      kind: 'claim',
      claim: {
        text: 'Training 2 learns 100 pictures by heart: at the end its val loss is more than ten times its train loss.',
        async measure(host) {
          const { trained } = await runCase(host, 2);
          const last = trained.history[trained.history.length - 1];
          return last.valLoss / (last.trainLoss ?? Number.NaN);
        },
        between: [10, 100],
      },
    },
    { kind: 'heading', text: 'The diagnosis reads along' },
    {
      kind: 'text',
      text: 'What you just did, `fovea diagnose` does too. It is a list of checks, each a rule with numbers that you can look up. It finds overfitting, for example, where val loss has risen by more than a tenth since its best epoch while train loss went on falling, or where nearly all training pictures are right and clearly fewer others. Each finding tells its numbers, the epoch since which it is so, and one experiment to try next. Causes come before effects: who mends the learning rate need not be told of underfitting.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'It names what is wrong with at least eleven of the twelve trainings. It can be wrong, as a doctor can: that is why it names the next experiment.',
        async measure(host) {
          let named = 0;
          for (let curve = 1; curve <= curveCases.length; curve++) {
            named += (await readCurves.run(host, { curve, answer: false })).numbers.named;
          }
          return named;
        },
        between: [11, 12],
        slow: true,
      },
    },
    { kind: 'heading', text: 'Stopping early' },
    {
      kind: 'text',
      text: 'If val loss has turned, every further epoch makes the loss on new pictures larger. [Early stopping](term:early-stopping) ends the training then, and the weights of the best epoch are kept. But the curve has bumps: stop at the first one and you stop too soon. So one waits some epochs for a new lowest value; their number is the [patience](term:patience) ([Prechelt, 1998](source:prechelt1998)).',
    },
    { kind: 'experiment', experiment: stopEarly },
    {
      kind: 'claim',
      claim: {
        text: 'With patience 40 it trains for 40 epochs: val loss ends a fifth or more above its best, while accuracy falls by less than five points, or even rises.',
        async measure(host) {
          const { numbers } = await stopEarly.run(host, { patience: 40, seed: 1 });
          const steady = numbers.lastValAccuracy > numbers.bestValAccuracy - 0.05;
          return steady ? numbers.lastValLoss / numbers.bestValLoss : 0;
        },
        between: [1.2, 3],
      },
    },
    {
      kind: 'text',
      text: 'One warning. You have now chosen by val loss: the epoch, the settings, perhaps the network. Choosing among many makes the winner look better than it is. That is why there is a third part, the test pictures, for one look at the end.',
    },
  ],
  exercise,
  code: `import { diagnose, gatherFacts, parseShorthand, splitOff, type TelemetryRecord, train } from 'fovea';
import { createEngine, openData } from 'fovea/node';

const engine = await createEngine();
const data = await openData('digits');
const { kept, taken } = splitOff(data.train!, 0.2, 1);
const telemetry: TelemetryRecord[] = [];
const { history, best, status, recipe, classifier } = await train({
  engine,
  data: { train: kept, val: taken },
  model: parseShorthand('conv 8 5, relu, pool 2, flatten, linear'),
  epochs: 8,
  patience: 2,
  onEvent: (event) => void (event.kind === 'telemetry' && telemetry.push(event.record)),
});
for (const { epoch, loss, trainLoss, valLoss } of history) console.log(epoch, { running: loss, train: trainLoss, val: valLoss });
console.log(status, 'best epoch', best?.epoch);

const facts = gatherFacts(kept, taken, classifier.preprocessing);
const findings = diagnose({ history, telemetry, recipe, facts, over: true });
for (const { kind, words, next } of findings) console.log(kind, words, next.words);
await engine.dispose();
`,
  commands: [
    "npx fovea train digits --model 'conv 8 5, relu, pool 2, flatten, linear' --epochs 8 --patience 2 --out runs/stopped",
    'npx fovea diagnose runs/stopped',
  ],
  sources: ['zhangc2017', 'prechelt1998'],
  keys: [
    {
      title: 'The twelve trainings',
      columns: ['training', 'what was done', 'how one sees it'],
      rows: curveCases.map(({ done, sign }, i) => [String(i + 1), done, sign]),
    },
  ],
  misconceptions: [
    {
      thought: 'Val loss below the loss of training means that the network does better on new pictures.',
      help: 'Three losses: show the running loss beside the train loss, with dropout 0.5 and then with 0.',
    },
    {
      thought: 'The lowest train loss is the best network.',
      help: 'Training 2: train loss near zero, and only six of ten validation pictures right.',
    },
    {
      thought: 'If accuracy does not fall, nothing is lost.',
      help: 'Stop early with patience 40: accuracy stays, loss climbs. The network is surer of its mistakes, so its probabilities are worth less.',
    },
    {
      thought: 'Overfitting is a fault of the network alone.',
      help: 'Trainings 1 and 2 have the same network. What differs is the number of pictures.',
    },
  ],
};
