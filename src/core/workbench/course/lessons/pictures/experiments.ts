import { builtIns } from '../../../../dataset/builtin/index.ts';
import { contentHashes } from '../../../../dataset/content-hash.ts';
import { pictureAt, subset } from '../../../../dataset/dataset.ts';
import { examine as examineSurvey } from '../../../../dataset/doctor/index.ts';
import { splitPictures } from '../../../../dataset/split.ts';
import { evaluate } from '../../../../evaluate/evaluate.ts';
import { changeBrightness } from '../../../../image/augmentations/tone.ts';
import type { Picture } from '../../../../image/picture.ts';
import { resize } from '../../../../image/resize.ts';
import { parseShorthand } from '../../../../model/shorthand.ts';
import { hashWeights } from '../../../../model/weights.ts';
import type { NumbersFigure } from '../../figure.ts';
import type { Experiment } from '../../lesson.ts';
import { trainPlainly } from '../../train-plainly.ts';
import { withEngine } from '../../with-engine.ts';
import { type Fault, faults, numberOf, plantedSet } from './planted.ts';

/** Rows and columns of numbers that a person can look over. */
const shown = 14;
const channelNames = { 1: ['grey'], 3: ['red', 'green', 'blue'] } as const;

const channelGrid = ({ data, width, height, channels }: Picture, channel: number): number[][] =>
  Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_unused, x) => data[(y * width + x) * channels + channel]),
  );

export const numbers: Experiment = {
  id: 'numbers',
  title: 'What is in a picture',
  doc: 'Choose a grey digit or a coloured shape, and read its numbers. Then make it brighter: nothing happens but a multiplication.',
  options: {
    set: { type: 'choice', choices: ['digits', 'shapes'], default: 'digits', doc: 'Grey or coloured.' },
    picture: { type: 'integer', minimum: 0, maximum: 9, default: 4, doc: 'Which picture.' },
    brightness: { type: 'number', minimum: 0, maximum: 3, default: 1, doc: 'Each number is multiplied by this.' },
  },
  pace: 'instant',
  async run(_host, options) {
    const { train } = builtIns.get(options.set as string)!.generate({ train: 10, test: 1, seed: 1 });
    const drawn = pictureAt(train!, options.picture as number);
    const picture = { ...drawn, data: new Uint8Array(drawn.data.length) };
    changeBrightness(drawn.data, picture.data, options.brightness as number);
    const { height, width, channels } = picture;
    const small = resize(picture, shown, shown);
    const grids = channelNames[channels as 1 | 3].map(
      (name, channel): NumbersFigure => ({
        kind: 'numbers',
        title: `The numbers: ${name}`,
        values: channelGrid(small, channel),
        scale: 'grey',
        decimals: 0,
        words: `From 0 (none) to 255 (full), shrunk to ${shown} x ${shown} so that they can be read.`,
      }),
    );
    const count = height * width * channels;
    return {
      figures: [
        {
          kind: 'pictures',
          title: 'The picture',
          columns: 1,
          pictures: [{ picture, caption: train!.classNames[train!.labels[options.picture as number]] }],
          words: `${height} rows x ${width} columns x ${channels} ${channels === 1 ? 'channel' : 'channels'} = ${count} numbers.`,
        },
        ...grids,
      ],
      numbers: { count, largest: picture.data.reduce((most, value) => Math.max(most, value), 0) },
    };
  },
};

export const examine: Experiment = {
  id: 'examine',
  title: 'Let the doctor look',
  doc: 'Sixty files in four folders. Plant a fault, or several, and read what the doctor makes of each.',
  options: Object.fromEntries(
    Object.entries(faults).map(([name, { doc }]) => [name, { type: 'boolean', default: true, doc }]),
  ),
  pace: 'instant',
  async run(_host, options) {
    const planted = (Object.keys(faults) as Fault[]).filter((fault) => options[fault]);
    const { survey, pictures } = await plantedSet(planted);
    const findings = examineSurvey(survey);
    const files = [...new Set(findings.flatMap((finding) => finding.files))].filter((file) =>
      survey.facts.some(({ origin, problem }) => origin === file && problem === undefined),
    );
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    return {
      figures: [
        {
          kind: 'table',
          title: 'What the doctor found',
          columns: ['how bad', 'files', 'what'],
          rows: findings.map(({ severity, files: named, evidence }) => [
            severity,
            named.map(numberOf).join(', '),
            evidence,
          ]),
          words:
            findings.length === 0
              ? 'Nothing: 60 files, 12 to train on and 3 to test on of each class, all different.'
              : `${findings.length} findings, ${errors} of them errors: with those, results would be wrong. ${findings.map(({ files: named, advice }) => `${named.length === 1 ? 'File' : 'Files'} ${named.map(numberOf).join(', ')}: ${advice}`).join(' ')}`,
        },
        ...(files.length === 0
          ? []
          : [
              {
                kind: 'pictures' as const,
                title: 'The pictures that it means',
                columns: 4,
                pictures: files.map((file) => ({ picture: pictures.get(numberOf(file))!, caption: captionOf(file) })),
                words: `${files.length} files; look at them before you decide. The doctor compares pixels, it does not know what a two is.`,
              },
            ]),
      ],
      numbers: { findings: findings.length, errors },
    };
  },
};

/** `43 train, seven`: short enough to stand below a small picture. */
function captionOf(file: string): string {
  const [part, name] = file.split('/');
  return `${numberOf(file)} ${part}, ${name}`;
}

/** Sets have classes of unequal size; so has this one, of digits 0 to 3. */
const unequal = [60, 40, 20, 10];

export const deal: Experiment = {
  id: 'deal',
  title: 'Deal the pictures out',
  doc: 'Change the shares, and then let several pictures show the same thing, as photos of one leaf do: they stay together.',
  options: {
    val: { type: 'number', minimum: 0.05, maximum: 0.4, default: 0.15, doc: 'Share for validation.' },
    test: { type: 'number', minimum: 0.05, maximum: 0.4, default: 0.15, doc: 'Share for the test.' },
    series: { type: 'integer', minimum: 1, maximum: 5, default: 1, doc: 'Pictures of one thing.' },
    seed: { type: 'integer', minimum: 0, maximum: 1000, default: 1, doc: 'Another seed, another deal.' },
  },
  pace: 'instant',
  async run(_host, options) {
    const [val, test, series] = ['val', 'test', 'series'].map((name) => options[name] as number);
    const drawn = drawMany(Math.max(...unequal));
    const labels = unequal.flatMap((count, label) => new Array<number>(count).fill(label));
    const hashes = contentHashes(drawn);
    const pictures = labels.map((label, i) => ({
      label,
      hash: hashes[i],
      ...(series > 1 ? { group: `${label}/${Math.floor(i / series)}` } : {}),
    }));
    const places = splitPictures(pictures, { shares: { val, test }, seed: options.seed as number });
    const count = (label: number, part: string): number =>
      labels.filter((one, i) => one === label && places[i] === part).length;
    const rows = unequal.map((all, label) => [all, ...['train', 'val', 'test'].map((part) => count(label, part))]);
    const furthest = Math.max(...rows.flatMap(([all, , v, t]) => [Math.abs(v - all * val), Math.abs(t - all * test)]));
    const groups = new Map<string, Set<string>>();
    pictures.forEach(({ group }, i) => {
      if (group !== undefined) groups.set(group, (groups.get(group) ?? new Set()).add(places[i]));
    });
    const torn = [...groups.values()].filter(({ size }) => size > 1).length;
    const inTest = rows.reduce((sum, row) => sum + row[3], 0);
    return {
      figures: [
        {
          kind: 'table',
          title: 'Who got what',
          columns: ['class', 'all', 'train', 'val', 'test'],
          rows: rows.map((row, label) => [String(label), ...row.map(String)]),
          words: `Class by class. ${inTest} pictures in the test part; no class is further than ${furthest.toFixed(1)} pictures from its share.${series > 1 ? ` ${groups.size} series, ${torn} torn apart.` : ''}`,
        },
      ],
      numbers: { furthest, torn, inTest },
    };
  },
};

const drawMany = (most: number) =>
  builtIns.get('digits')!.generate({ train: most * unequal.length, test: 1, seed: 1 }).train!;

export const memorise: Experiment = {
  id: 'memorise',
  title: 'Why one needs pictures that were not learnt from',
  doc: 'Trains a small network on few pictures, then asks it about those, and about 500 others.',
  options: {
    pictures: { type: 'integer', minimum: 20, maximum: 1000, default: 100, doc: 'How many it learns from.' },
    epochs: { type: 'integer', minimum: 1, maximum: 60, default: 30, doc: 'How often it sees each.' },
    seed: { type: 'integer', minimum: 0, maximum: 1000, default: 1, doc: 'All chance follows from it.' },
  },
  pace: { seconds: 3 },
  run: (host, options) =>
    withEngine(host, async (engine) => {
      const [count, epochs] = [options.pictures as number, options.epochs as number];
      const { train, test } = builtIns.get('digits')!.generate({ train: count + 100, test: 500, seed: 1 });
      const from = (first: number, length: number) =>
        subset(
          train!,
          Array.from({ length }, (_, i) => first + i),
        );
      const learnt = from(0, count);
      const trained = await trainPlainly(host, engine, {
        data: { train: learnt, val: from(count, 100) },
        model: parseShorthand('flatten, linear 64, relu, linear'),
        epochs,
        seed: options.seed as number,
      });
      const [own, others] = [
        await evaluate(engine, trained.last, learnt, { resamples: 0 }),
        await evaluate(engine, trained.last, test!, { resamples: 0 }),
      ];
      const percent = (share: number): number => Math.round(1000 * share) / 10;
      const bar = (name: string, { accuracy, interval: [low, high] }: typeof own) => ({
        name,
        value: percent(accuracy),
        interval: [percent(low), percent(high)] as const,
      });
      return {
        figures: [
          {
            kind: 'bars',
            title: 'How often it is right',
            unit: '%',
            bars: [bar(`the ${count} that it learnt from`, own), bar('500 that it never saw', others)],
            words: `${percent(own.accuracy)} % of the pictures that it learnt from, ${percent(others.accuracy)} % of others. Only the second number says what it will do for you. The range beside it says where the true share lies, with 95 % certainty.`,
          },
        ],
        numbers: { own: own.accuracy, others: others.accuracy },
        hash: await hashWeights(trained.last.weights),
      };
    }),
};
