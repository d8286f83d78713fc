import { FoveaError, invalid } from '../../core/errors.ts';
import type { Storage } from '../../core/workbench/storage.ts';
import { type FileStore, folderOf, tidy } from './file-store.ts';

/** A file that is replaced all the time would be read for ever. */
const mostReads = 5;

export interface PageStorage extends Storage {
  /** As the store's `append`. @throws FoveaError where there is no more room. */
  append(path: string, bytes: Uint8Array): Promise<number>;
  rename(from: string, to: string, onMoved?: () => void): Promise<void>;
}

/** The workbench's files in a page. @param files where they lie. */
export function createPageStorage(files: FileStore): PageStorage {
  const failed = (doing: string, path: string, error: unknown): FoveaError => {
    if (error instanceof FoveaError) return error;
    const { name = '', message = String(error) } = error as DOMException;
    const full = name === 'QuotaExceededError';
    return new FoveaError(
      `Cannot ${doing} '${path}': ${full ? 'the browser gives this page no more room' : message}`,
      full ? 'Delete runs or data that you no longer need, or free some space on the disk' : '',
    );
  };
  const doing = async <T>(what: string, path: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw failed(what, path, error);
    }
  };
  const blobOf = (content: Uint8Array | string): Blob => new Blob([content as Uint8Array<ArrayBuffer> | string]);
  const write = (path: string, content: Blob): Promise<void> =>
    doing('write', path, async () => {
      await files.makeFolder(folderOf(tidy(path)));
      await files.write(tidy(path), content);
    });
  /** One after the other: whether there is something and that it is made must not be parted. */
  let last: Promise<unknown> = Promise.resolve();
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const now = last.then(work);
    last = now.catch(() => undefined);
    return now;
  };

  return {
    join: (...parts) => tidy(parts.join('/')) || '.',
    read: (path) =>
      doing('read', path, async () => {
        for (let again = 0; ; again++) {
          const blob = await files.read(tidy(path));
          if (!blob) throw invalid('an existing file', `'${path}'`, 'none');
          try {
            return new Uint8Array(await blob.arrayBuffer());
          } catch (error) {
            // Another content was put into its place between the two calls, and the browser no longer has this one.
            if (again === mostReads || !(error instanceof DOMException)) throw error;
          }
        }
      }),
    write: (path, content) => write(path, blobOf(content)),
    append: (path, bytes) => doing('write', path, () => files.append(tidy(path), bytes)),
    create: (path, content) =>
      alone(async () => {
        if ((await files.kind(tidy(path))) !== undefined) return false;
        await write(path, blobOf(content));
        return true;
      }),
    kind: (path) => doing('read', path, () => files.kind(tidy(path))),
    list: (path) =>
      doing('read the folder', path, async () => (await files.list(tidy(path))).map(({ name }) => name).sort()),
    makeFolder: (path, { fresh = false } = {}) =>
      alone(() =>
        doing('make the folder', path, async () => {
          const kind = await files.kind(tidy(path));
          if (kind === 'file') throw new FoveaError(`Cannot make the folder '${path}': a file of that name is there`);
          if (kind === 'folder') return !fresh;
          await files.makeFolder(tidy(path));
          return true;
        }),
      ),
    remove: (path) => doing('remove', path, () => files.remove(tidy(path))),
    rename: (from, to, onMoved) =>
      doing('make', to, async () => {
        if ((await files.list(tidy(to))).length > 0) throw new FoveaError(`Cannot make '${to}': it is there already`);
        await files.makeFolder(folderOf(tidy(to)));
        await files.move(tidy(from), tidy(to), onMoved);
      }),
    writeFrom: (path, pieces) =>
      doing('write', path, async () => {
        // Each a Blob of its own: the browser lays those on the disk when they are many.
        const parts: Blob[] = [];
        for await (const piece of pieces) parts.push(blobOf(piece));
        await write(path, new Blob(parts));
      }),
    async checkWritable() {},
    absolute: (path) => `/${tidy(path)}`,
    relative(folder, path) {
      const [from, to] = [tidy(folder), tidy(path)].map((one) => (one === '' ? [] : one.split('/')));
      let same = 0;
      while (same < from.length && same < to.length && from[same] === to[same]) same++;
      const steps = [...from.slice(same).map(() => '..'), ...to.slice(same)];
      if (steps.length === 0) return '.';
      return steps[0] === '..' ? steps.join('/') : `./${steps.join('/')}`;
    },
  };
}
