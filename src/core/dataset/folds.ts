import { invalid } from '../errors.ts';
import { RandomStream } from '../random.ts';
import { contentHashes } from './content-hash.ts';
import type { Dataset } from './dataset.ts';

/**
 * Deals pictures out to `folds` parts, each class evenly; pictures of one group or with the same pixels share a fold, so
 * that none is judged by a model that knows its copy. A function of content, order and seed.
 * @returns the fold of each picture, 0 … folds - 1.
 */
export function dealFolds(dataset: Dataset, folds: number, seed: number): Uint8Array {
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= 20)) {
    throw invalid('a whole number from 2 to 20', "option 'folds'", folds);
  }
  const hashes = contentHashes(dataset);
  const units = new Map<string, number[]>();
  for (let i = 0; i < dataset.count; i++) {
    const group = dataset.groups?.[i];
    const key = group === undefined ? `pixels ${hashes[i]}` : `group ${group}`;
    const members = units.get(key);
    if (members) members.push(i);
    else units.set(key, [i]);
  }
  const byClass = new Map<number, number[][]>();
  for (const members of units.values()) {
    const label = dataset.labels[members[0]];
    const own = byClass.get(label);
    if (own) own.push(members);
    else byClass.set(label, [members]);
  }
  const places = new Uint8Array(dataset.count);
  // Goes on from class to class, so that small classes do not all fill the first folds.
  let next = 0;
  for (const label of [...byClass.keys()].sort((a, b) => a - b)) {
    for (const members of new RandomStream(seed, 'split', label, 0xf01d).shuffle(byClass.get(label)!)) {
      for (const picture of members) places[picture] = next;
      next = (next + 1) % folds;
    }
  }
  return places;
}
