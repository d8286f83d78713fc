import { FoveaError, invalid } from '../errors.ts';
import { suggest } from '../nearest.ts';
import { readText, type Storage } from './storage.ts';

/**
 * Weights of the classes from a file of JSON: an object with class names, `{"cat": 2}` (classes that are not named have
 * 1), or a list of numbers in the order of the classes.
 * @throws FoveaError naming the file and the class.
 */
export async function readClassWeights(
  storage: Storage,
  file: string,
  classNames: readonly string[],
): Promise<number[]> {
  const subject = `the class weights in '${file}'`;
  let value: unknown;
  try {
    value = JSON.parse(await readText(storage, file));
  } catch (error) {
    if (error instanceof FoveaError) throw error;
    throw invalid('JSON such as {"cat": 2, "dog": 1}', subject, 'another text');
  }
  if (typeof value !== 'object' || value === null) {
    throw invalid('JSON such as {"cat": 2, "dog": 1}', subject, value);
  }
  const entries = Object.entries(value);
  for (const [name, weight] of entries) {
    if (typeof weight !== 'number' || !(weight >= 0)) {
      throw invalid('a number of at least 0', `'${name}' of ${subject}`, weight);
    }
  }
  if (Array.isArray(value)) return value as number[];
  const unknown = entries.find(([name]) => !classNames.includes(name));
  if (unknown) throw invalid('the name of a class', subject, unknown[0], suggest(unknown[0], classNames));
  const weights = new Map(entries as [string, number][]);
  return classNames.map((name) => weights.get(name) ?? 1);
}
