import type { DataSource } from '../dataset/dataset.ts';
import type { Adapters } from './adapters.ts';

/** Adapters that open the same data once, however often they are asked for: for verbs that train or look several times. */
export function rememberData(adapters: Adapters): Adapters {
  const opened = new Map<string, Promise<DataSource>>();
  return {
    ...adapters,
    openData(nameOrPath, { signal, onProgress, ...request }) {
      const key = JSON.stringify([
        nameOrPath,
        request.size,
        request.channels,
        request.strict,
        request.seed,
        request.only,
      ]);
      let source = opened.get(key);
      if (!source) {
        source = adapters.openData(nameOrPath, { ...request, signal, onProgress });
        opened.set(key, source);
        // What failed is not remembered.
        source.catch(() => opened.delete(key));
      }
      return source;
    },
  };
}
