import type { Classifier } from '../../../../classifier/classifier.ts';
import { digitNames } from '../../../../dataset/builtin/digits.ts';
import { generateShapes } from '../../../../dataset/builtin/shapes.ts';
import { type Dataset, pictureAt, resized } from '../../../../dataset/dataset.ts';
import { answersOf } from '../../../../evaluate/answers.ts';
import { calibrate } from '../../../../evaluate/calibrate.ts';
import { atThreshold } from '../../../../evaluate/coverage.ts';
import { disturbances } from '../../../../evaluate/disturbances.ts';
import { type Evaluation, evaluate } from '../../../../evaluate/evaluate.ts';
import { evaluateForeign } from '../../../../evaluate/foreign.ts';
import { readLogits } from '../../../../evaluate/logits.ts';
import { testRobustness } from '../../../../evaluate/robustness.ts';
import { drawPanel } from '../../../../explain/draw/draw.ts';
import { methodNamed } from '../../../../explain/methods/index.ts';
import { type Explainer, openExplainer } from '../../../../explain/session.ts';
import { parseAugmentation } from '../../../../image/augmentation-spec.ts';
import type { Picture } from '../../../../image/picture.ts';
import { hashWeights } from '../../../../model/weights.ts';
import type { PicturesFigure } from '../../figure.ts';
import type { CourseHost, Experiment } from '../../lesson.ts';
import { digitParts } from '../../lesson-data.ts';
import { trainInLesson } from '../../train-in-lesson.ts';
import { withEngine } from '../../with-engine.ts';
import { percent } from '../../words.ts';
import { type Corner, cornerBox, plant, shareWithin } from './planted.ts';

const enlarged = 5;
const heatmaps = ['occlusion', 'integrated-gradients', 'grad-cam'] as const;
const mainNetwork = 'conv 8 5, relu, pool 2, conv 16 3, relu, flatten, linear';

/** A network that could take a mark for a digit, trained where all pictures of that digit have it. */
export async function trainOnMarked(
  host: CourseHost,
  engine: Awaited<ReturnType<CourseHost['createEngine']>>,
  { digit, corner, seed, marked }: { digit: number; corner: Corner; seed: number; marked: (index: number) => boolean },
): Promise<{ classifier: Classifier; train: Dataset; test: Dataset }> {
  const { train, val, test } = digitParts({ train: 300, val: 100, test: 200 });
  const isMarked = (label: number, index: number): boolean => label === digit && marked(index);
  const seen = plant(train, corner, isMarked);
  const { last } = await trainInLesson(host, engine, {
    data: { train: seen, val: plant(val, corner, isMarked) },
    model: 'conv 8 5, relu, pool 4, flatten, linear',
    epochs: 15,
    seed,
  });
  return { classifier: last, train: seen, test };
}

/** Of all pictures of other digits, the share that is called `digit`. */
export function calledInstead({ confusion }: Evaluation, digit: number): number {
  const others = confusion.filter((_, label) => label !== digit);
  const all = others.flat().reduce((sum, count) => sum + count, 0);
  return others.reduce((sum, row) => sum + row[digit], 0) / all;
}

/** A picture and its heatmap beside it, each with its answer in words. */
export async function heatmapOf(
  explainer: Explainer,
  picture: Picture,
  method: string,
): Promise<{
  pictures: PicturesFigure['pictures'];
  answer: string;
  within: (corner: Corner) => number;
}> {
  const prepared = explainer.prepare(picture);
  const target = await explainer.predict(prepared);
  const probability = (await explainer.probabilitiesOf(prepared))[target];
  const { panels } = await methodNamed(method).run(explainer, prepared, { target });
  const heat = panels.find((panel) => panel.kind === 'values' && panel.over === undefined) ?? panels[0];
  const answer = `${digitNames[target]} (${percent(probability, 0)})`;
  return {
    pictures: [
      { picture: drawPanel({ kind: 'picture', title: '', picture }, enlarged), caption: `it says ${answer}` },
      { picture: drawPanel({ ...heat, box: undefined }, enlarged), caption: `what makes it ${digitNames[target]}` },
    ],
    answer,
    within: (corner) =>
      heat.kind === 'values' && heat.width === picture.width
        ? shareWithin(heat.values, heat.width, cornerBox(corner))
        : Number.NaN,
  };
}

export const shortcut: Experiment = {
  id: 'shortcut',
  title: 'Plant a shortcut',
  doc: 'All training pictures of the 7 get a bright mark in a corner, and no other picture does. See what the network looks at, and what the mark does to another digit.',
  options: {
    marked: { type: 'integer', minimum: 0, maximum: 100, default: 100, doc: 'How many of 100 sevens have the mark.' },
    method: { type: 'choice', choices: heatmaps, default: 'occlusion', doc: 'How the heatmaps are made.' },
    seed: { type: 'integer', minimum: 0, maximum: 1000, default: 1, doc: 'All chance follows from it.' },
  },
  pace: { seconds: 3 },
  run: (host, options) =>
    withEngine(host, async (engine) => {
      const [corner, digit] = ['top left' as const, 7];
      const share = options.marked as number;
      const { classifier, test } = await trainOnMarked(host, engine, {
        digit,
        corner,
        seed: options.seed as number,
        // Every tenth picture is a seven: the ones that are counted through are spread evenly.
        marked: (index) => (Math.floor(index / 10) * 37) % 100 < share,
      });
      const testOn = (marked: boolean) =>
        evaluate(
          engine,
          classifier,
          plant(test, corner, () => marked),
          { resamples: 0, signal: host.signal },
        );
      const [with_, without] = [await testOn(true), await testOn(false)];
      const [seven, bare] = [with_.classes[digit].recall, without.classes[digit].recall];
      const [called, calledBare] = [calledInstead(with_, digit), calledInstead(without, digit)];
      const explainer = openExplainer(engine, classifier);
      const all = plant(test, corner, () => true);
      const method = options.method as string;
      const other = await turnedBy(explainer, test, all, digit);
      const name = digitNames[test.labels[other]];
      const shown = [
        await heatmapOf(explainer, pictureAt(all, digit), method),
        await heatmapOf(explainer, pictureAt(test, other), method),
        await heatmapOf(explainer, pictureAt(all, other), method),
      ];
      const bar = (name: string, value: number) => ({ name, value: 100 * value });
      return {
        figures: [
          {
            kind: 'bars',
            title: 'What the mark does to 200 new pictures',
            unit: '%',
            bars: [
              bar('sevens found, with the mark', seven),
              bar('sevens found, without it', bare),
              bar('other digits called 7, with the mark', called),
              bar('other digits called 7, without it', calledBare),
            ],
            words: `Of the sevens it finds ${percent(seven, 0)} with the mark and ${percent(bare, 0)} without. Of the other digits it calls ${percent(called, 0)} a 7 when they get the mark, and ${percent(calledBare, 0)} when they do not.`,
          },
          {
            kind: 'pictures',
            title: `The 7 with the mark; the ${name} without, and with it`,
            columns: 2,
            pictures: shown.flatMap(({ pictures }) => pictures),
            words: `The 7 is called ${shown[0].answer}; the ${name} is called ${shown[1].answer}, and with the mark ${shown[2].answer}. ${heatWords(shown[0].within(corner))}`,
          },
        ],
        numbers: { seven, bare, called, calledBare, heat: shown[0].within(corner) },
        hash: await hashWeights(classifier.weights),
      };
    }),
};

/** The first picture of another digit that is right as it is and called `digit` with the mark; else the first of all. */
async function turnedBy(explainer: Explainer, bare: Dataset, marked: Dataset, digit: number): Promise<number> {
  for (let i = 0; i < bare.count; i++) {
    if (bare.labels[i] === digit) continue;
    const with_ = await explainer.predict(explainer.prepare(pictureAt(marked, i)));
    if (with_ !== digit) continue;
    if ((await explainer.predict(explainer.prepare(pictureAt(bare, i)))) === bare.labels[i]) return i;
  }
  return 0;
}

const heatWords = (share: number): string =>
  Number.isNaN(share)
    ? 'This heatmap is coarser than the mark.'
    : `The mark covers 2 % of the picture; ${percent(share, 0)} of what speaks for the 7 lies in it.`;

export const unknown: Experiment = {
  id: 'unknown',
  title: 'Let it say: I do not know',
  doc: 'A threshold is chosen on validation pictures, so that few answers are wrong. Then the network gets digits, and shapes that are no digits at all.',
  options: {
    maxError: { type: 'integer', minimum: 1, maximum: 10, default: 3, doc: 'How many of 100 answers may be wrong.' },
    seed: { type: 'integer', minimum: 0, maximum: 1000, default: 1, doc: 'All chance follows from it.' },
  },
  pace: { seconds: 4 },
  run: (host, options) =>
    withEngine(host, async (engine) => {
      const parts = digitParts({ train: 1000, val: 400, test: 400 });
      const { last } = await trainInLesson(host, engine, {
        data: parts,
        model: mainNetwork,
        epochs: 8,
        seed: options.seed as number,
      });
      const classes = digitNames.length;
      const val = await readLogits(engine, last, parts.val, { signal: host.signal });
      const calibration = calibrate(val.logits, val.labels, classes, { maxError: (options.maxError as number) / 100 });
      const threshold = calibration.rejection?.threshold ?? 0;
      // There are ten shapes as there are ten digits; their labels count for nothing here.
      const shapes = resized(generateShapes({ train: 1, test: 400 }).test!, { height: 28, width: 28, channels: 1 });
      const ask = async (pictures: Dataset) => {
        const { logits, labels } = await readLogits(engine, last, pictures, { signal: host.signal });
        const answers = answersOf(logits, labels, classes, calibration.temperature);
        return { logits, answers, point: atThreshold(answers.confidences, answers.right, threshold) };
      };
      const known = await ask(parts.test);
      const foreign = await ask({ ...shapes, classNames: digitNames });
      const { auroc } = evaluateForeign(known.logits, foreign.logits, classes, calibration.temperature, 0);
      const surest = foreign.answers.confidences.reduce((best, one, i, all) => (one > all[best] ? i : best), 0);
      const said = digitNames[foreign.answers.predictions[surest]];
      return {
        figures: [
          {
            kind: 'bars',
            title: 'Pictures that get an answer',
            unit: '%',
            bars: [
              { name: 'digits', value: 100 * known.point.coverage },
              { name: 'shapes', value: 100 * foreign.point.coverage },
            ],
            words: `Below a probability of ${threshold.toFixed(2)} it says "unknown". Of 400 digits ${percent(known.point.coverage, 0)} are answered, and ${percent(1 - known.point.accuracy)} of the answers are wrong. Of 400 shapes ${percent(foreign.point.coverage, 0)} are called a digit.`,
          },
          {
            kind: 'pictures',
            title: 'The shape that it is surest of',
            columns: 1,
            pictures: [
              {
                picture: drawPanel({ kind: 'picture', title: '', picture: pictureAt(shapes, surest) }, enlarged),
                caption: `it says ${said}`,
              },
            ],
            words: `It calls this a ${said} with probability ${foreign.answers.confidences[surest].toFixed(3)}. If a digit and a shape are drawn at random, the network seems more at home with the digit in ${percent(auroc, 0)} of the draws; 50 % would be no notion at all.`,
          },
        ],
        numbers: {
          coverage: known.point.coverage,
          error: 1 - known.point.accuracy,
          foreign: foreign.point.coverage,
          auroc,
        },
        hash: await hashWeights(last.weights),
      };
    }),
};

const disturbed = disturbances.filter(({ needsCodec }) => !needsCodec).map(({ name }) => name);

export const robustness: Experiment = {
  id: 'robustness',
  title: 'Disturb the pictures',
  doc: 'Accuracy while pictures are shifted, turned, blurred and more. Then train with augmentation, and see which curve gets better.',
  options: {
    disturbance: { type: 'choice', choices: disturbed, default: 'shift', doc: 'What is done to the pictures.' },
    augment: {
      type: 'choice',
      choices: ['none', 'crop:4', 'rotate:20', 'noise:0.1'],
      default: 'none',
      doc: 'How training pictures are changed: shifted by up to 4 pixels, turned by up to 20 degrees, made noisy.',
    },
    seed: { type: 'integer', minimum: 0, maximum: 1000, default: 1, doc: 'All chance follows from it.' },
  },
  pace: { seconds: 5 },
  run: (host, options) =>
    withEngine(host, async (engine) => {
      const parts = digitParts({ train: 1000, val: 100, test: 200 });
      const augment = options.augment as string;
      const { last } = await trainInLesson(host, engine, {
        data: parts,
        model: mainNetwork,
        epochs: 10,
        seed: options.seed as number,
        ...(augment === 'none' ? {} : { augmentation: parseAugmentation(augment) }),
      });
      const curves = await testRobustness(engine, last, parts.test, { signal: host.signal });
      const { points, unit, neutral, doc } = curves.find(({ name }) => name === options.disturbance)!;
      const worst = points.reduce((least, one) => (one.accuracy < least.accuracy ? one : least));
      const plain = points.find(({ level }) => level === neutral) ?? points[0];
      const shift = curves.find(({ name }) => name === 'shift')!.points;
      return {
        figures: [
          {
            kind: 'curves',
            title: `Accuracy under ${options.disturbance}`,
            x: unit,
            y: '% right',
            series: [
              {
                name: augment === 'none' ? 'trained on pictures as they are' : `trained with ${augment}`,
                points: points.map(({ level, accuracy }) => [level, 100 * accuracy]),
              },
            ],
            words: `${doc} Undisturbed ${percent(plain.accuracy)}; at ${worst.level} ${unit} ${percent(worst.accuracy)}.`,
          },
          {
            kind: 'table',
            title: 'All disturbances',
            columns: ['disturbance', 'undisturbed', 'at its worst', 'which is'],
            rows: curves.map(({ name, points: own, unit: measured, neutral: none }) => {
              const least = own.reduce((low, one) => (one.accuracy < low.accuracy ? one : low));
              const base = own.find(({ level }) => level === none) ?? own[0];
              return [name, percent(base.accuracy), percent(least.accuracy), `${least.level} ${measured}`];
            }),
            words: 'Each row is one kind of disturbance on the same 200 test pictures.',
          },
        ],
        numbers: { plain: plain.accuracy, worst: worst.accuracy, shift4: shift[4].accuracy },
        hash: await hashWeights(last.weights),
      };
    }),
};
