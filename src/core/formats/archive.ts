import { mismatch } from '../errors.ts';
import type { ByteSource } from './byte-source.ts';

/** A file within an archive, found and not yet read. */
export interface ArchiveMember {
  /** With slashes, below the archive: never absolute, never with `..`. */
  readonly path: string;
  /** Unpacked bytes, as the archive says. */
  readonly size: number;
  /** Its bytes. @throws FoveaError naming archive and member when they are damaged. */
  open(): Promise<ByteSource>;
}

/** What an archive holds. */
export interface ArchiveListing {
  readonly members: readonly ArchiveMember[];
  /** Folders that the archive names, with slashes. */
  readonly folders: readonly string[];
  /** Entries that are not offered, each with the reason as the end of a sentence. */
  readonly ignored: readonly { readonly origin: string; readonly reason: string }[];
}

/** What an archive may ask for before it is refused. */
export interface ArchiveLimits {
  /** Entries. Default 2 million. */
  readonly entries?: number;
  /** Unpacked bytes of all members together. Default 1 TiB; nothing but the member that is read is in memory. */
  readonly totalBytes?: number;
  /** Unpacked bytes of one member. Default 2 GiB. */
  readonly memberBytes?: number;
  /** Unpacked bytes for each packed byte, for members of more than 16 MiB. Default 200. */
  readonly ratio?: number;
  readonly signal?: AbortSignal;
}

export const defaultLimits = { entries: 2e6, totalBytes: 2 ** 40, memberBytes: 2 ** 31, ratio: 200 } as const;
/** Below this nothing is a bomb, whatever its ratio: a blank picture packs to nearly nothing. */
const harmlessBytes = 2 ** 24;

/** Keeps count while an archive is listed. `subject` is the archive's quoted name. */
export function createLedger(subject: string, limits: ArchiveLimits = {}) {
  const { entries, totalBytes, memberBytes, ratio } = { ...defaultLimits, ...defined(limits) };
  const seen = new Set<string>();
  let count = 0;
  let total = 0;
  return {
    /** Called for each entry of any kind. @throws FoveaError past the limit. */
    countEntry(): void {
      if (++count > entries) throw mismatch(`at most ${entries} entries`, subject, 'more than that');
      if (count % 4096 === 0) limits.signal?.throwIfAborted();
    },
    /** Why a member must not be offered, or undefined. @throws FoveaError when the whole archive is too much. */
    refuse(path: string, size: number, packed: number): string | undefined {
      if (seen.has(path)) return 'a second entry of the same name, the first counts';
      seen.add(path);
      if (size > memberBytes) return `${size} bytes, more than the limit of ${memberBytes}`;
      if (size > harmlessBytes && size > ratio * packed)
        return `${packed} bytes that would unpack to ${size}, more than ${ratio} times`;
      total += size;
      if (total > totalBytes) throw mismatch(`at most ${totalBytes} unpacked bytes in all`, subject, 'more than that');
      return undefined;
    },
  };
}

const defined = (limits: ArchiveLimits): ArchiveLimits =>
  Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));

/**
 * The path of an archive's entry as one below the archive, or why it is none. Nothing is ever written there, but a name
 * that leads elsewhere is an attack, and notes must not show it as if it were data.
 */
export function safePath(name: string): { readonly path: string } | { readonly reason: string } {
  if (name.includes('\0')) return { reason: 'a name with a zero byte' };
  const steps = name.split('/').filter((step) => step !== '' && step !== '.');
  const path = steps.join('/');
  // The path that is left too: `./C:/x` and `.//\\host` are absolute ones.
  if ([name, path].some((one) => /^[\\/]|^[a-z]:(?:[\\/]|$)/i.test(one)))
    return { reason: 'an absolute path, not followed' };
  if (steps.some((step) => step.split('\\').includes('..')))
    return { reason: 'a path that leads out of the archive, not followed' };
  if (steps.length > 100) return { reason: 'a path of more than 100 folders' };
  return { path };
}

/** How an error names a member. */
export const memberSubject = (archive: string, quotedMember: string): string => `${quotedMember} in ${archive}`;
