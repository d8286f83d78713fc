export type Kind = 'file' | 'folder';

export interface Listed {
  readonly name: string;
  readonly kind: Kind;
}

/** Files of this origin, by paths with slashes from the root on: `runs/a/run.json`; '' is the root. */
export interface FileStore {
  readonly name: 'origin-private files' | 'IndexedDB';
  kind(path: string): Promise<Kind | undefined>;
  /** Undefined where there is no such file. */
  read(path: string): Promise<Blob | undefined>;
  /** Whole or not at all; the folder is there. */
  write(path: string, content: Blob): Promise<void>;
  /** Writes to the end of a file, which is made where there is none; the folder is there. Returns its bytes then. */
  append(path: string, bytes: Uint8Array): Promise<number>;
  /** Gives a file, or a folder with all in it, another place, where nothing is yet; the folder above that is there. `onMoved`: after each file. */
  move(from: string, to: string, onMoved?: () => void): Promise<void>;
  /** What a folder holds, in no order; nothing where there is no such folder. */
  list(path: string): Promise<readonly Listed[]>;
  /** With those above it. */
  makeFolder(path: string): Promise<void>;
  /** A file, or a folder with all in it. */
  remove(path: string): Promise<void>;
}

/** A path without `.`, `..` and doubled slashes; what would lead above the root stays at it. */
export function tidy(path: string): string {
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
}

export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
export const nameIn = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
