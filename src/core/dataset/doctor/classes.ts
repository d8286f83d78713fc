import { quotePath } from '../../formats/quote.ts';
import { say } from '../../say.ts';
import { type Part, parts } from '../dataset.ts';
import type { PictureFacts, Survey } from '../facts.ts';
import type { Finding } from '../findings.ts';
import { readable } from './pictures.ts';

/** From this ratio of the largest class to the smallest on, a person is told. */
const unequal = 5;
/** Fewer training pictures than this teach little. */
const few = 10;

export function findImbalance({ facts, classNames }: Survey): Finding[] {
  const train = readable(facts).filter(({ part }) => part === 'train' || part === undefined);
  if (train.length === 0) return [];
  const counts = classNames.map((name, label) => ({ name, count: train.filter((one) => one.label === label).length }));
  const [smallest, largest] = counts.reduce(
    ([low, high], one) => [one.count < low.count ? one : low, one.count > high.count ? one : high],
    [counts[0], counts[0]],
  );
  const small = counts.filter(({ count }) => count < few);
  const told = small.slice(0, 5).map(({ name, count }) => `${quotePath(name)} (${count})`);
  const fewOf =
    small.length === 0
      ? []
      : [
          say`${small.length === 1 ? say`1 class has` : say`${small.length} classes have`} fewer than ${few} training pictures: ${told.join(', ')}${small.length > told.length ? ', …' : ''}.`,
        ];
  const unlike =
    smallest.count * unequal > largest.count
      ? []
      : [
          say`There are ${largest.count} training pictures of ${quotePath(largest.name)} and ${smallest.count} of ${quotePath(smallest.name)}.`,
        ];
  if (fewOf.length + unlike.length === 0) return [];
  const weigh = unlike.length > 0 ? say`, or train with --class-weights balanced` : '';
  return [
    {
      kind: 'imbalance',
      severity: fewOf.length > 0 ? 'warning' : 'note',
      files: [],
      evidence: [...fewOf, ...unlike].join(' '),
      mends: [],
      advice: say`Add pictures of ${small.length > 1 ? say`these classes` : quotePath(smallest.name)}${weigh}.`,
    },
  ];
}

/** Grey levels by which the mean brightness of two parts may differ, and how many standard errors it must to be no chance. */
const driftLevels = 10;
const driftErrors = 4;

/** Parts that differ in brightness, size or colour were not taken from one heap. */
export function findDrift({ facts }: Survey): Finding[] {
  const pictures = readable(facts);
  const of = (part: Part): PictureFacts[] => pictures.filter((one) => one.part === part);
  const train = of('train');
  if (train.length < 2) return [];
  return parts.slice(1).flatMap((part) => {
    const other = of(part);
    if (other.length < 2) return [];
    const told = [
      ...differ(train, other, say`mean grey level`, brightness, driftLevels),
      ...differ(train, other, say`contrast (deviation of grey levels)`, ({ deviation }) => deviation, driftLevels),
      ...differ(train, other, say`shorter side in pixels`, ({ width, height }) => Math.min(width, height), undefined),
      ...differ(train, other, say`share of grey pictures in %`, ({ channels }) => (channels === 1 ? 100 : 0), 20),
    ];
    if (told.length === 0) return [];
    const evidence = say`Pictures of ${part} differ from those of train: ${told.map(([text]) => text).reduce((some, one) => say`${some}; ${one}`)}.`;
    const advice = say`Split anew from one heap, unless the difference is what you want to test.`;
    return [{ kind: 'drift', severity: 'warning', files: [], evidence, mends: [], advice } as const];
  });
}

/** @param least difference of the means that matters; undefined: a quarter of the first. */
function differ(
  a: readonly PictureFacts[],
  b: readonly PictureFacts[],
  what: string,
  measure: (fact: PictureFacts) => number,
  least: number | undefined,
): [string][] {
  const [first, second] = [statistics(a.map(measure)), statistics(b.map(measure))];
  const difference = Math.abs(first.mean - second.mean);
  const error = Math.sqrt(first.variance / a.length + second.variance / b.length);
  if (difference < (least ?? first.mean / 4) || difference <= driftErrors * error) return [];
  return [[say`${what} ${Math.round(first.mean)} in train and ${Math.round(second.mean)} there`]];
}

function statistics(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / values.length };
}

const brightness = ({ mean }: PictureFacts): number => mean.reduce((sum, value) => sum + value, 0) / mean.length;

/**
 * File names that are another class: `dog-17.jpg` among the cats. Only where the names of the set's own files mostly tell
 * the class, so that a word that means something else raises no alarm.
 */
export function findNames({ facts, classNames }: Survey): Finding[] {
  const words = new Map<string, number>();
  classNames.forEach((name, label) => {
    if (/\p{L}{2}/u.test(name)) words.set(plain(name), label);
  });
  const said = facts.map(({ origin }) => labelSaid(origin, words));
  const naming = facts.filter((_, i) => said[i] !== undefined);
  const agreeing = facts.filter(({ label }, i) => said[i] === label);
  const wrong = facts.filter(({ label }, i) => said[i] !== undefined && said[i] !== label);
  if (wrong.length === 0 || agreeing.length * 2 < naming.length) return [];
  const byPair = new Map<string, PictureFacts[]>();
  facts.forEach((fact, i) => {
    if (said[i] === undefined || said[i] === fact.label) return;
    const key = `${said[i]} ${fact.label}`;
    byPair.set(key, [...(byPair.get(key) ?? []), fact]);
  });
  return [...byPair].map(([key, pictures]) => {
    const [sayingLabel, label] = key.split(' ').map(Number);
    const [saying, being] = [classNames[sayingLabel], classNames[label]];
    return {
      kind: 'label-in-name',
      severity: 'warning',
      files: pictures.map(({ origin }) => origin),
      evidence: say`${pictures.length === 1 ? say`1 file is` : say`${pictures.length} files are`} labelled ${quotePath(being)} and named like ${quotePath(saying)}.`,
      mends: [
        {
          when: say`they show ${saying}`,
          fixes: pictures.map(({ origin }) => ({ fix: 'relabel', file: origin, class: saying })),
        },
      ],
      advice: say`Look at them; files that are right need nothing.`,
    };
  });
}

/** Letters and digits in lower case, words parted by one space. */
const plain = (text: string): string =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+|(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/u)
    .filter((word) => word !== '')
    .join(' ');

/** The class whose name the file's own name holds as whole words; undefined where it holds none or several. */
function labelSaid(origin: string, words: ReadonlyMap<string, number>): number | undefined {
  const name = ` ${plain(origin.slice(origin.lastIndexOf('/') + 1).replace(/\.[^.]*$/, ''))} `;
  const found = new Set<number>();
  for (const [word, label] of words) if (name.includes(` ${word} `)) found.add(label);
  return found.size === 1 ? [...found][0] : undefined;
}
