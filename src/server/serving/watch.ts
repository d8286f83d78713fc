import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServedModel } from './served-model.ts';

/** Time and size of the file that a model was read from; a run's is its best. */
async function stampOf(source: string): Promise<string> {
  const found = await stat(source);
  const { mtimeMs, size } = found.isDirectory() ? await stat(join(source, 'best.safetensors')) : found;
  return `${mtimeMs} ${size}`;
}

/**
 * Reads models again when their files have changed, looking every so many milliseconds; what cannot be read leaves the old
 * model in its place. Returns what ends it. @param onNote told what was done, a sentence.
 */
export function watchModels(models: readonly ServedModel[], every: number, onNote: (text: string) => void): () => void {
  const known = new Map<ServedModel, string>();
  let ended = false;
  const look = async (): Promise<void> => {
    for (const model of models) {
      try {
        const stamp = await stampOf(model.source);
        const before = known.get(model);
        known.set(model, stamp);
        if (ended || before === undefined || before === stamp) continue;
        await model.reload();
        onNote(`'${model.name}' has changed and was read again.`);
      } catch (error) {
        if (!ended) onNote(`'${model.name}' stays as it was. ${error instanceof Error ? error.message : error}`);
      }
    }
    if (!ended) setTimeout(() => void look(), every).unref();
  };
  void look();
  return () => {
    ended = true;
  };
}
