import { FoveaError } from '../src/core/errors.ts';
import type { Storage } from '../src/core/workbench/storage.ts';

/** Files in memory, with slashes. @param writable false: every writing fails. */
export function memoryStorage(files: Map<string, string>, writable = true): Storage {
  const join = (...parts: string[]): string => {
    const words: string[] = [];
    for (const word of parts.join('/').split('/')) {
      if (word === '.') continue;
      if (word === '..' && words.length > 0) words.pop();
      else words.push(word);
    }
    return words.join('/');
  };
  const check = (path: string): void => {
    if (!writable) throw new FoveaError(`Expected a file that can be written for '${path}' but received no permission`);
  };
  const below = (path: string): string[] => [...files.keys()].filter((one) => one.startsWith(`${path}/`));
  const textOf = (content: Uint8Array | string): string =>
    typeof content === 'string' ? content : new TextDecoder().decode(content);
  return {
    join,
    async read(path) {
      const text = files.get(path);
      if (text === undefined) throw new FoveaError(`Expected an existing file for '${path}' but received none`);
      return new TextEncoder().encode(text);
    },
    async write(path, content) {
      check(path);
      files.set(path, textOf(content));
    },
    async create(path, content) {
      check(path);
      if (files.has(path)) return false;
      files.set(path, textOf(content));
      return true;
    },
    kind: async (path) => (files.has(path) ? 'file' : below(path).length > 0 ? 'folder' : undefined),
    list: async (path) => [...new Set(below(path).map((one) => one.slice(path.length + 1).split('/')[0]))].sort(),
    makeFolder: async () => true,
    async remove(path) {
      for (const one of [path, ...below(path)]) files.delete(one);
    },
    async rename(from, to) {
      for (const one of below(from)) {
        files.set(to + one.slice(from.length), files.get(one)!);
        files.delete(one);
      }
    },
    async writeFrom(path, pieces) {
      check(path);
      let text = '';
      for await (const piece of pieces) text += textOf(piece);
      files.set(path, text);
    },
    checkWritable: async (folder) => check(folder),
    absolute: (path) => path,
    relative: (folder, path) => (path.startsWith(`${folder}/`) ? `./${path.slice(folder.length + 1)}` : undefined),
  };
}
