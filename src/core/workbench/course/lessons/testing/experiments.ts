import type { Dataset } from '../../../../dataset/dataset.ts';
import { subset } from '../../../../dataset/dataset.ts';
import { answersOf, type PictureAnswers } from '../../../../evaluate/answers.ts';
import { calibrate } from '../../../../evaluate/calibrate.ts';
import { evaluate } from '../../../../evaluate/evaluate.ts';
import { wilsonInterval } from '../../../../evaluate/interval.ts';
import { readLogits } from '../../../../evaluate/logits.ts';
import { compareAnswers } from '../../../../evaluate/paired.ts';
import type { ReliabilityBin } from '../../../../evaluate/reliability.ts';
import { hashWeights } from '../../../../model/weights.ts';
import { RandomStream } from '../../../../random.ts';
import type { Series } from '../../figure.ts';
import type { Experiment } from '../../lesson.ts';
import { digitParts, joined, range } from '../../lesson-data.ts';
import { trainInLesson } from '../../train-in-lesson.ts';
import { withEngine } from '../../with-engine.ts';
import { percent, percentRange } from '../../words.ts';

const smallNetwork = 'conv 8 5, relu, pool 2, flatten, linear';

/** Digits that no part of the lesson's data holds: what the network meets when it is used. */
export const freshDigits = (count: number): Dataset => digitParts({ train: 1, val: 1, test: count, seed: 99 }).test;

const reliabilitySeries = (name: string, bins: readonly ReliabilityBin[]): Series => ({
  name,
  points: bins.flatMap(({ confidence, accuracy }) =>
    confidence === undefined || accuracy === undefined ? [] : [[confidence, accuracy] as const],
  ),
});

export const report: Experiment = {
  id: 'report',
  title: 'Test a network',
  doc: 'Trains on 400 digits and tests. Take fewer test pictures and watch the interval; then put copies of test pictures among the training pictures.',
  options: {
    testPictures: { type: 'integer', minimum: 50, maximum: 1000, default: 200, doc: 'How many it is tested on.' },
    leaked: {
      type: 'integer',
      minimum: 0,
      maximum: 100,
      default: 0,
      doc: 'How many of 100 test pictures also lie among the training pictures.',
    },
    epochs: { type: 'integer', minimum: 1, maximum: 60, default: 12, doc: 'How often it sees each training picture.' },
    seed: { type: 'integer', minimum: 0, maximum: 1000, default: 1, doc: 'All chance follows from it.' },
  },
  pace: { seconds: 3 },
  run: (host, options) =>
    withEngine(host, async (engine) => {
      const count = options.testPictures as number;
      const { train, val, test } = digitParts({ train: 400, val: 200, test: count });
      const copies = Math.round((count * (options.leaked as number)) / 100);
      const trained = await trainInLesson(host, engine, {
        data: { train: copies === 0 ? train : joined(train, subset(test, range(0, copies))), val },
        model: smallNetwork,
        epochs: options.epochs as number,
        seed: options.seed as number,
      });
      const { last } = trained;
      const onVal = await readLogits(engine, last, val);
      const classifier = { ...last, calibration: calibrate(onVal.logits, onVal.labels, last.classNames.length) };
      const tested = await evaluate(engine, classifier, test, { resamples: 0, signal: host.signal });
      const fresh = await evaluate(engine, classifier, freshDigits(1000), { resamples: 0, signal: host.signal });
      const { confusion, calibration, classes } = tested;
      const worst = [...classes].sort((a, b) => a.recall - b.recall)[0];
      const mixUp = largestMixUp(confusion);
      return {
        figures: [
          {
            kind: 'bars',
            title: 'Accuracy, with its interval',
            unit: '%',
            bars: [
              bar(`${count} test pictures`, tested.accuracy, tested.interval),
              bar('1,000 new pictures', fresh.accuracy, fresh.interval),
            ],
            words: `${percent(tested.accuracy)} on the test pictures, with an interval of ${percentRange(tested.interval)}; ${percent(fresh.accuracy)} on new ones.`,
          },
          {
            kind: 'numbers',
            title: 'Confusion matrix',
            values: confusion.map((row) => [...row]),
            names: { rows: classes.map((one) => `is ${one.class}`), columns: classes.map((one) => one.class) },
            scale: 'sequential',
            decimals: 0,
            words: `A row is what the pictures are, a column what was said of them. Right answers lie on the diagonal. The most frequent mistake: the digit ${mixUp.from} was called ${mixUp.to}, ${mixUp.count} times.`,
          },
          {
            kind: 'bars',
            title: 'Of each digit, the share that was found',
            unit: '%',
            bars: classes.map((one) => bar(one.class, one.recall, one.recallInterval)),
            words: `Worst is ${worst.class}: ${percent(worst.recall)} of ${worst.support}, which may be ${percentRange(worst.recallInterval)}.`,
          },
          {
            kind: 'curves',
            title: 'How sure it is, and how often it is right',
            x: 'probability it gives',
            y: 'share that is right',
            series: [
              reliabilitySeries('as trained', calibration.reliabilityBefore),
              reliabilitySeries('after calibration', tested.reliability),
              {
                name: 'as it should be',
                points: [
                  [0, 0],
                  [1, 1],
                ],
              },
            ],
            words: `On average sureness and truth are ${percent(calibration.ece.before)} apart; divided by a temperature of ${calibration.temperature.toFixed(2)} that was fitted on the validation pictures, ${percent(calibration.ece.after)}.`,
          },
        ],
        numbers: {
          accuracy: tested.accuracy,
          fresh: fresh.accuracy,
          width: tested.interval[1] - tested.interval[0],
          eceBefore: calibration.ece.before,
          eceAfter: calibration.ece.after,
          temperature: calibration.temperature,
        },
        hash: await hashWeights(last.weights),
      };
    }),
};

const bar = (name: string, share: number, [low, high]: readonly [number, number]) => ({
  name,
  value: 100 * share,
  interval: [100 * low, 100 * high] as const,
});

function largestMixUp(confusion: readonly (readonly number[])[]): { from: number; to: number; count: number } {
  let most = { from: 0, to: 0, count: 0 };
  confusion.forEach((row, from) => {
    row.forEach((count, to) => {
      if (from !== to && count > most.count) most = { from, to, count };
    });
  });
  return most;
}

export const luck: Experiment = {
  id: 'luck',
  title: 'The best of many that guess',
  doc: 'None of these has learnt anything: each guesses one of ten classes. Take the one with the best test result, then test that one on 1,000 new pictures.',
  options: {
    tries: { type: 'integer', minimum: 1, maximum: 200, default: 50, doc: 'How many are tried on the test pictures.' },
    testPictures: { type: 'integer', minimum: 20, maximum: 1000, default: 100, doc: 'How many test pictures.' },
    seed: { type: 'integer', minimum: 0, maximum: 1000, default: 1, doc: 'All chance follows from it.' },
  },
  pace: 'instant',
  async run(_host, options) {
    const [tries, count, seed] = [options.tries as number, options.testPictures as number, options.seed as number];
    const hitsOf = (one: number, pictures: number, part: number): number => {
      const random = new RandomStream(seed, 'sample', one, part);
      return range(0, pictures).filter(() => random.below(10) === 0).length;
    };
    const hits = range(0, tries).map((one) => hitsOf(one, count, 1));
    const most = Math.max(...hits);
    const best = most / count;
    const fresh = hitsOf(hits.indexOf(most), 1000, 2) / 1000;
    let leader = 0;
    const climb = hits.map((one, i) => {
      leader = Math.max(leader, one / count);
      return [i + 1, 100 * leader] as const;
    });
    const interval = wilsonInterval(most, count);
    return {
      figures: [
        {
          kind: 'curves',
          title: 'The best test result so far',
          x: 'looks at the test pictures',
          y: '% right',
          series: [{ name: 'best so far', points: climb }],
          words: `After ${tries} ${tries === 1 ? 'look' : 'looks'} the best is right on ${percent(best)} of ${count} pictures. Nothing was learnt.`,
        },
        {
          kind: 'bars',
          title: 'The winner',
          unit: '%',
          bars: [
            bar('on the test pictures', best, interval),
            bar('on 1,000 new ones', fresh, wilsonInterval(1000 * fresh, 1000)),
          ],
          words: `The winner's interval of ${percentRange(interval)} is meant for one look, not for the best of ${tries}. On new pictures it is right on ${percent(fresh)}.`,
        },
      ],
      numbers: { best, fresh, low: interval[0] },
    };
  },
};

const contestants = {
  'one layer': 'flatten, linear',
  '8 kernels': smallNetwork,
  '8 kernels, wider window': 'conv 8 7, relu, pool 2, flatten, linear',
} as const;
type Contestant = keyof typeof contestants;

export const compare: Experiment = {
  id: 'compare',
  title: 'Compare two networks',
  doc: 'Trains both on the same digits and tests both on the same pictures. Is the difference more than chance? Then compare a network with itself from another seed.',
  options: {
    first: { type: 'choice', choices: Object.keys(contestants), default: 'one layer', doc: 'The one.' },
    second: { type: 'choice', choices: Object.keys(contestants), default: '8 kernels', doc: 'The other.' },
    secondSeed: { type: 'integer', minimum: 0, maximum: 1000, default: 1, doc: 'Seed of the other; the one has 1.' },
    testPictures: { type: 'integer', minimum: 50, maximum: 1000, default: 500, doc: 'How many test pictures.' },
  },
  pace: { seconds: 3 },
  async run(host, options) {
    const count = options.testPictures as number;
    const { train, val, test } = digitParts({ train: 400, val: 200, test: count });
    const names = [options.first, options.second] as Contestant[];
    const answers: PictureAnswers[] = [];
    const hashes: string[] = [];
    for (const [i, name] of names.entries()) {
      await withEngine(host, async (engine) => {
        const { last } = await trainInLesson(host, engine, {
          data: { train, val },
          model: contestants[name],
          epochs: 10,
          seed: i === 0 ? 1 : (options.secondSeed as number),
          name,
        });
        const { logits, labels } = await readLogits(engine, last, test, { signal: host.signal });
        answers.push(answersOf(logits, labels, last.classNames.length));
        hashes.push(await hashWeights(last.weights));
      });
    }
    const found = compareAnswers(answers[0], answers[1]);
    const hits = answers.map(({ right }) => right.reduce((sum, one) => sum + one, 0));
    const sure = found.interval[0] > 0 || found.interval[1] < 0;
    const points = ([low, high]: readonly [number, number]): string =>
      `${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)} points`;
    return {
      figures: [
        {
          kind: 'bars',
          title: `Both on the same ${count} pictures`,
          unit: '%',
          bars: hits.map((hit, i) => bar(`${i + 1}: ${names[i]}`, hit / count, wilsonInterval(hit, count))),
          words: `The second is better by ${(100 * found.difference).toFixed(1)} points. ${sure ? 'That is more than chance' : 'That may be chance'}: the interval of the difference is ${points(found.interval)}.`,
        },
        {
          kind: 'table',
          title: 'Picture by picture',
          columns: ['', 'second right', 'second wrong'],
          rows: [
            ['first right', String(found.both), String(found.onlyFirst)],
            ['first wrong', String(found.onlySecond), String(found.neither)],
          ],
          words: `Only the ${found.onlyFirst + found.onlySecond} pictures on which they differ say anything: ${found.onlyFirst} for the first, ${found.onlySecond} for the second. Were both equally good, so uneven a split would come by chance ${found.midP < 0.001 ? 'in fewer than 1 of 1,000 tests' : `in ${(1000 * found.midP).toFixed(0)} of 1,000 tests`}.`,
        },
      ],
      numbers: { difference: found.difference, low: found.interval[0], high: found.interval[1], p: found.midP },
      hash: hashes[1],
    };
  },
};
