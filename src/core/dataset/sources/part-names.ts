import { type Part, parts } from '../dataset.ts';

/** What people call the parts. */
const partNames: Readonly<Record<Part, readonly string[]>> = {
  train: ['train', 'training', 'trn'],
  val: ['val', 'valid', 'validation', 'validate', 'dev'],
  test: ['test', 'testing', 'eval', 'evaluation', 'tst'],
};

const byName = new Map<string, Part>(parts.flatMap((part) => partNames[part].map((name) => [name, part] as const)));
byName.set('t10k', 'test');

/** The part that a whole name means, in any case: `Train`, `valid`, … */
export const partOf = (name: string): Part | undefined => byName.get(name.toLowerCase());

/**
 * The part that a word of a file name means: `train-00000-of-00001.parquet`, `one-indexed-files_val.txt`, `x_test.npy`.
 * Undefined where no word or words of different parts occur.
 */
export function partWithin(name: string): Part | undefined {
  const found = new Set<Part>();
  for (const word of name.split(/[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])/)) {
    const part = partOf(word);
    if (part) found.add(part);
  }
  return found.size === 1 ? [...found][0] : undefined;
}
