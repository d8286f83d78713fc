import type { DataSource } from '../dataset.ts';
import { type BuiltInOptions, generateDigits } from './digits.ts';
import { generateShapes } from './shapes.ts';

/** A data set that is drawn, not stored. */
export interface BuiltIn {
  readonly name: string;
  /** One sentence. */
  readonly about: string;
  readonly generate: (options?: BuiltInOptions) => DataSource;
}

const list: readonly BuiltIn[] = [
  { name: 'digits', about: 'Handwritten-looking digits, 28x28 grey, 10 classes.', generate: generateDigits },
  { name: 'shapes', about: 'Shapes on cluttered backgrounds, 32x32 colour, 10 classes.', generate: generateShapes },
];

export const builtIns: ReadonlyMap<string, BuiltIn> = new Map(list.map((entry) => [entry.name, entry]));
export { drawShape } from './shapes.ts';
export type { BuiltInOptions };
