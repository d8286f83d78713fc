/** Files of this origin, by paths with slashes from the root on: `runs/a/run.json`; '' is the root. */
export interface FileStore {
  readonly name: 'origin-private files' | 'IndexedDB';
  kind(path: string): Promise<'file' | 'folder' | undefined>;
  /** Undefined where there is no such file. */
  read(path: string): Promise<Blob | undefined>;
  /** Whole or not at all; the folder is there. */
  write(path: string, content: Blob): Promise<void>;
  /** Writes to the end of a file, which is made where there is none. Returns its bytes then. */
  append(path: string, bytes: Uint8Array): Promise<number>;
  /** Gives a file another place without copying it; false where the browser cannot. Absent where no browser can. */
  move?(from: string, to: string): Promise<boolean>;
  /** Names in a folder; none where there is no such folder. */
  list(path: string): Promise<string[]>;
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
