/**
 * Files as the workbench needs them, passed in by Node or the browser. Paths are the adapter's own; the workbench only
 * joins names with `join`. Every failure that a person can cause is a FoveaError that names the path.
 */
export interface Storage {
  join(...parts: string[]): string;
  /** The whole file. @throws FoveaError when it is not there or cannot be read. */
  read(path: string): Promise<Uint8Array>;
  /** Whole or not at all: written beside and renamed into place. @throws FoveaError (full, unwritable). */
  write(path: string, content: Uint8Array | string): Promise<void>;
  /** As `write`, but never over a file: returns false where there is one, whoever made it and however shortly before. */
  create(path: string, content: Uint8Array | string): Promise<boolean>;
  kind(path: string): Promise<'file' | 'folder' | undefined>;
  /** Names in a folder, sorted by code unit; empty when there is no such folder. */
  list(path: string): Promise<string[]>;
  /** Makes a folder and those above it. `fresh`: returns false when it is there already. */
  makeFolder(path: string, options?: { readonly fresh?: boolean }): Promise<boolean>;
  /** Takes away a file, or a folder with all in it; nothing where there is none. */
  remove(path: string): Promise<void>;
  /** Gives a folder another name; never over one that holds anything. @throws FoveaError. */
  rename(from: string, to: string): Promise<void>;
  /** As `write`, piece by piece: for content that need not lie in memory. */
  writeFrom(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void>;
  /** @throws FoveaError when nothing can be made in this folder, or where it would be; leaves nothing behind. */
  checkWritable(folder: string): Promise<void>;
  /** The path from the root on, so that two that mean the same place are the same. */
  absolute(path: string): string;
  /** From a folder to a path, with slashes: `./data/a`, `../b`, `.`; undefined where no such way leads there. */
  relative(folder: string, path: string): string | undefined;
}

/** A file of JSON text. @throws FoveaError when it is not there or is no JSON. */
export async function readText(storage: Storage, path: string): Promise<string> {
  return new TextDecoder().decode(await storage.read(path));
}
