import { FoveaError, invalid, mismatch } from '../../errors.ts';
import { safeName } from '../../formats/safe-name.ts';
import { plainName } from '../run-folder.ts';
import type { StudioHost } from './host.ts';
import type { Places } from './places.ts';

/** Limits of an upload, told to who begins one. */
export const uploadLimits = {
  /** Bytes of one upload. */
  bytes: 20e9,
  files: 200_000,
  /** Bytes that one request may bring. */
  piece: 8 * 2 ** 20,
} as const;

export interface Upload {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  files: number;
  bytes: number;
}

/** Files on their way in, kept apart until they are whole and understood. */
export interface Uploads {
  begin(name: string): Promise<Upload>;
  /** @throws FoveaError for an upload that is not known. */
  find(id: string): Upload;
  /**
   * Adds bytes to a file of an upload. @param path with slashes: folders are kept, names are made harmless.
   * @param offset how many bytes of it came before: a piece that was sent twice is not written twice.
   * @returns bytes of the file now. @throws FoveaError over the limits, or for a piece that does not follow.
   */
  add(id: string, path: string, offset: number, bytes: Uint8Array): Promise<number>;
  /** Takes what came into the studio's data. `onMoved`: after each file, where they are moved one by one. @returns its id in `data.list`. */
  finish(id: string, onMoved?: () => void): Promise<string>;
  cancel(id: string): Promise<void>;
}

export function createUploads(host: StudioHost, places: Places, quota: number): Uploads {
  const { storage } = host;
  const all = new Map<string, Upload & { readonly sizes: Map<string, number>; readonly folders: Set<string> }>();
  let count = 0;
  const find = (id: string) => {
    const found = all.get(id);
    if (found) return found;
    throw mismatch('an upload that was begun', 'the upload', `'${id}'`, 'Begin it again');
  };
  /** Names that every system takes, below the upload's folder whatever was sent. */
  const harmless = (path: string): string[] => {
    const steps = path.split(/[\\/]+/).filter((step) => step !== '' && step !== '.');
    if (steps.length === 0 || steps.length > 32 || steps.some((step) => step === '..' || step.length > 255)) {
      throw invalid("a file's name, with its folders", 'the upload', path);
    }
    return steps.map((step) => safeName(step));
  };
  return {
    async begin(name) {
      // What an earlier studio left behind is of no use to anybody.
      if (all.size === 0) await storage.remove(places.incoming);
      const id = `${host.now().replace(/\D/g, '')}-${++count}`;
      const folder = storage.join(places.incoming, id);
      await storage.makeFolder(folder);
      const upload = { id, name, folder, files: 0, bytes: 0, sizes: new Map(), folders: new Set<string>() };
      all.set(id, upload);
      return upload;
    },
    find,
    async add(id, path, offset, bytes) {
      const upload = find(id);
      const steps = harmless(path);
      const key = steps.join('/');
      const size = upload.sizes.get(key);
      if (size !== undefined && offset + bytes.length === size) return size;
      if (offset !== (size ?? 0)) throw invalid(`what follows ${size ?? 0} bytes`, `the file '${path}'`, offset);
      if (bytes.length > uploadLimits.piece)
        throw invalid(`at most ${uploadLimits.piece} bytes at once`, 'the upload', bytes.length);
      if (size === undefined && upload.files >= uploadLimits.files) {
        throw new FoveaError(
          `Expected at most ${uploadLimits.files} files for an upload but received more`,
          'Pack them into an archive',
        );
      }
      const others = [...all.values()].reduce((sum, one) => sum + one.bytes, 0);
      if (upload.bytes + bytes.length > uploadLimits.bytes || others + bytes.length > quota) {
        throw new FoveaError(
          `Expected at most ${Math.floor(Math.min(uploadLimits.bytes, quota) / 1e9)} GB for an upload but received more`,
          'Bring fewer files, or put them into the folder data by hand',
        );
      }
      const file = storage.join(upload.folder, ...steps);
      // Counted before they are written: others that come meanwhile must not pass the limits together with them.
      if (size === undefined) upload.files++;
      upload.bytes += bytes.length;
      try {
        const below = steps.slice(0, -1).join('/');
        if (below !== '' && !upload.folders.has(below)) {
          await storage.makeFolder(storage.join(file, '..'));
          upload.folders.add(below);
        }
        const now = await host.append(file, bytes);
        upload.sizes.set(key, now);
        return now;
      } catch (error) {
        if (size === undefined) upload.files--;
        upload.bytes -= bytes.length;
        throw error;
      }
    },
    async finish(id, onMoved) {
      const upload = find(id);
      if (upload.files === 0) throw mismatch('at least one file', 'the upload', 'none');
      const names = await storage.list(upload.folder);
      // A single folder or archive is the data itself.
      const [only] = names;
      const alone =
        names.length === 1 &&
        ((await storage.kind(storage.join(upload.folder, only))) === 'folder' || upload.files === 1);
      const from = alone ? storage.join(upload.folder, only) : upload.folder;
      const ending =
        alone && (await storage.kind(from)) === 'file' ? (/(\.tar)?\.[a-z0-9]{1,8}$/i.exec(only)?.[0] ?? '') : '';
      const stem = plainName(upload.name.replace(/(\.tar)?\.[a-z0-9]{1,8}$/i, ''));
      await storage.makeFolder(places.data);
      const taken = new Set(await storage.list(places.data));
      let name = `${stem}${ending.toLowerCase()}`;
      for (let n = 2; taken.has(name); n++) name = `${stem}-${n}${ending.toLowerCase()}`;
      await host.move(from, storage.join(places.data, name), onMoved);
      all.delete(id);
      await storage.remove(upload.folder);
      return `data:${name}`;
    },
    async cancel(id) {
      const upload = find(id);
      all.delete(id);
      await storage.remove(upload.folder);
    },
  };
}
