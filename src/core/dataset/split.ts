import { invalid, mismatch } from '../errors.ts';
import { hashName, RandomStream } from '../random.ts';
import { contentHashes, samePictures } from './content-hash.ts';
import { type Dataset, type Part, parts, subset } from './dataset.ts';
import { nearCopies } from './near-copies.ts';
import { splitUnits } from './split-units.ts';

/** What a split needs to know of a picture. */
export interface SplitPicture {
  readonly label: number;
  /** Of its content, hex digits; pictures with one hash are one picture. */
  readonly hash: string;
  /** Pictures of one group (a patient, a scene) stay together. */
  readonly group?: string;
  /** The place that it has already, and keeps. */
  readonly part?: Part;
}

/** Shares of all pictures; what is left is for training. Each at least 0, together less than 1. */
export interface SplitShares {
  readonly val: number;
  readonly test: number;
}

export interface SplitOptions {
  /** Of all pictures but those that lie in a part without a share. */
  readonly shares: SplitShares;
  /** 0 … 2^32-1. */
  readonly seed: number;
  /** Pictures found to be copies of each other: indices. */
  readonly together?: readonly (readonly number[])[];
}

/** Pictures of a class in each part, in the order of `parts`. */
type Counts = [train: number, val: number, test: number];

/**
 * Gives every picture a part, class by class in the wanted shares.
 *
 * A picture that has a place keeps it, so adding pictures to a recorded split moves none; new ones fill up what their
 * class lacks. Which of them is chosen follows from seed and content alone, never from names or order. What belongs
 * together is placed as a whole, large units first, each where its classes lack most; single pictures then keep every
 * part of their class within one picture of its share, from any state that was within it (see `nextPart`). The first
 * picture of a class is for training, and every wanted part has one as soon as shares allow it.
 *
 * A new picture that belongs to ones with different places joins the strictest: test, then val.
 * @throws FoveaError when shares are none.
 */
export function splitPictures(pictures: readonly SplitPicture[], options: SplitOptions): Part[] {
  const { val, test } = options.shares;
  checkShares(options.shares);
  const shares: Counts = [1 - val - test, val, test];
  const counts = new Map<number, Counts>();
  const countsOf = (label: number): Counts => {
    let known = counts.get(label);
    if (!known) counts.set(label, (known = [0, 0, 0]));
    return known;
  };
  const places: (Part | undefined)[] = pictures.map(({ part }) => part);
  // What lies in a part without a share, such as a test part that data came with, is no part of what is shared out.
  const note = (picture: number, part: number): void => {
    if (shares[part] > 0) countsOf(pictures[picture].label)[part]++;
  };
  const put = (picture: number, part: number): void => {
    places[picture] = parts[part];
    note(picture, part);
  };
  pictures.forEach(({ part }, i) => {
    if (part !== undefined) note(i, parts.indexOf(part));
  });

  const units = splitUnits(pictures, options.together);
  const ranked = rankUnits(units, pictures, options.seed);
  const singles = new Map<number, number[]>();
  for (const unit of ranked) {
    const kept = unit.filter((i) => pictures[i].part !== undefined);
    if (kept.length > 0) {
      const strictest = Math.max(...kept.map((i) => parts.indexOf(pictures[i].part!)));
      for (const i of unit) if (places[i] === undefined) put(i, strictest);
    } else if (unit.length === 1) {
      const { label } = pictures[unit[0]];
      const known = singles.get(label);
      if (known) known.push(unit[0]);
      else singles.set(label, [unit[0]]);
    } else {
      const part = partOfUnit(
        unit.map((i) => pictures[i].label),
        countsOf,
        shares,
      );
      for (const i of unit) put(i, part);
    }
  }
  for (const [label, members] of singles) {
    const before = countsOf(label);
    const after: Counts = [...before];
    for (let i = 0; i < members.length; i++) after[nextPart(after, shares)]++;
    // The lowest ranks are tested on, the next validate: so even without a record most stay where they are.
    const tested = after[2] - before[2];
    const validated = tested + after[1] - before[1];
    members.forEach((picture, rank) => {
      put(picture, rank < tested ? 2 : rank < validated ? 1 : 0);
    });
  }
  return places as Part[];
}

function checkShares({ val, test }: SplitShares): void {
  for (const [name, share] of [
    ['val', val],
    ['test', test],
  ] as const) {
    if (!(share >= 0 && share < 1)) throw invalid('a share between 0 and 1, such as 0.1,', `option '${name}'`, share);
  }
  if (!(val + test < 1)) {
    throw invalid('less than 1', "options 'val' and 'test' together", val + test, 'Leave pictures to train on');
  }
}

/** Larger units first, equals by chance that follows from seed and content. */
function rankUnits(
  units: readonly (readonly number[])[],
  pictures: readonly SplitPicture[],
  seed: number,
): readonly (readonly number[])[] {
  const keyed = units.map((unit) => {
    let hash = pictures[unit[0]].hash;
    for (const i of unit) if (pictures[i].hash < hash) hash = pictures[i].hash;
    const random = new RandomStream(seed, 'split', Number.parseInt(hash.slice(0, 12), 16), hashName(hash));
    return { unit, hash, rank: random.uint32(), next: random.uint32() };
  });
  keyed.sort(
    (a, b) => b.unit.length - a.unit.length || a.rank - b.rank || a.next - b.next || (a.hash < b.hash ? -1 : 1),
  );
  return keyed.map(({ unit }) => unit);
}

/** Where a unit of pictures with these labels is lacking most; the first unit of classes without any trains. */
function partOfUnit(labels: readonly number[], countsOf: (label: number) => Counts, shares: Counts): number {
  const added = new Map<number, number>();
  for (const label of labels) added.set(label, (added.get(label) ?? 0) + 1);
  if ([...added.keys()].every((label) => countsOf(label)[0] === 0)) return 0;
  let best = 0;
  let most = -Infinity;
  for (let part = 0; part < parts.length; part++) {
    if (shares[part] === 0) continue;
    let lack = 0;
    for (const [label, more] of added) {
      const now = countsOf(label);
      const all = now[0] + now[1] + now[2] + more;
      lack += more * (all * shares[part] - now[part]);
    }
    if (lack > most) [best, most] = [part, lack];
  }
  return best;
}

/**
 * The part of a class's next picture. With s pictures in a part of share p, of n in all, |s - np| stays below 1 in each of
 * three parts or fewer: a part that would fall a whole picture short comes first (two cannot at once: the third would be
 * a whole picture ahead already), else one that will not get a whole picture ahead (there is one, since all shares
 * together grow by 1). Among those an empty one, then the one that lacks most. After the quota methods of apportionment
 * (Balinski and Young, "The quota method of apportionment", 1975).
 */
function nextPart(counts: Counts, shares: Counts): number {
  const all = counts[0] + counts[1] + counts[2] + 1;
  const lack = counts.map((count, part) => all * shares[part] - count);
  let best = -1;
  const better = (part: number): boolean => best < 0 || lack[part] > lack[best];
  for (let part = 0; part < parts.length; part++) if (lack[part] >= 1 && better(part)) best = part;
  if (best >= 0) return best;
  for (let part = 0; part < parts.length; part++) if (counts[part] === 0 && lack[part] > 0) return part;
  for (let part = 0; part < parts.length; part++) if (lack[part] > 0 && better(part)) best = part;
  return Math.max(best, 0);
}

/**
 * Splits a share off each class for validation: what stays and what was taken, each in the old order. Pictures of one
 * group, with the same pixels or that look the same stay together. @param fraction more than 0, less than 1.
 * @param alike pictures that look the same, by index; by default found here.
 * @throws FoveaError when no class can spare a picture.
 */
export function splitOff(
  dataset: Dataset,
  fraction: number,
  seed: number,
  alike: readonly (readonly number[])[] = nearCopies([dataset]).groups,
): { kept: Dataset; taken: Dataset } {
  if (!(fraction > 0)) throw invalid('a share between 0 and 1, such as 0.1,', "option 'val'", fraction);
  const hashes = contentHashes(dataset);
  const pictures = hashes.map((hash, i) => ({ label: dataset.labels[i], hash, group: dataset.groups?.[i] }));
  const same = samePictures([dataset], [hashes]).map((places) => places.map(({ index }) => index));
  const together = [...same, ...alike];
  const places = splitPictures(pictures, { shares: { val: fraction, test: 0 }, seed, together });
  const indicesOf = (part: Part): number[] => pictures.map((_, i) => i).filter((i) => places[i] === part);
  const [kept, taken] = [indicesOf('train'), indicesOf('val')];
  if (taken.length === 0) {
    throw mismatch(
      'a class of at least 2 different pictures',
      'splitting validation pictures off',
      'fewer',
      'Add pictures, or a folder val/ of their own',
    );
  }
  // Pictures in arrays are called by their number in train: named now, since what is dealt out has numbers of its own.
  const { origins = Array.from({ length: dataset.count }, (_, i) => `train/${i}`) } = dataset;
  const named = { ...dataset, origins };
  return { kept: subset(named, kept), taken: subset(named, taken) };
}
