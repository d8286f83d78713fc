import type { ByteSource } from '../../formats/byte-source.ts';

/** A file that grows while a store is prepared. Writing is synchronous, as a page's access handles are. */
export interface GrowingFile {
  /** Writes all bytes at the end. @throws FoveaError (full, unwritable). */
  append(bytes: Uint8Array): void;
  /** Makes sure that a crash of the machine loses nothing, and closes it. @returns the SHA-256 of what was appended, as hex. */
  finish(): Promise<string>;
}

/** The files of one folder, as preparing a store needs them: plain names, passed in by Node or a page. */
export interface StoreFiles {
  /** How errors name the folder. */
  readonly path: string;
  /** Names and sizes of its files; none where there is no such folder. */
  list(): Promise<ReadonlyMap<string, number>>;
  open(name: string): Promise<ByteSource>;
  /** Whole or not at all. */
  write(name: string, content: string | Uint8Array): Promise<void>;
  /** `fresh`: there must be no such file; else what is there is added to. */
  grow(name: string, fresh: boolean): GrowingFile;
  rename(from: string, to: string): Promise<void>;
  /** Best effort: a file that cannot be removed now is removed the next time. */
  remove(name: string): Promise<void>;
}

/** Hex digits of the SHA-256 of bytes. */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
