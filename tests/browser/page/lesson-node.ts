/** What a lesson's program takes from `fovea/node`, in a page: an engine, and the built-in data. */
import { builtIns } from '../../../src/core/dataset/builtin/index.ts';

export { createEngine } from '../../../src/browser/index.ts';

export async function openData(name: string): Promise<unknown> {
  const builtIn = builtIns.get(name);
  if (!builtIn) throw new Error(`no built-in set '${name}'`);
  return builtIn.generate();
}
