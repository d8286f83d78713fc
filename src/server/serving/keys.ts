import { createHash, timingSafeEqual } from 'node:crypto';
import { invalid, mismatch } from '../../core/errors.ts';

/** Shorter ones can be guessed. */
const shortest = 16;

/** Says whether a key is one of those that were given, in a time that tells nothing about them. */
export type KeyCheck = (key: string | undefined) => boolean;

const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/**
 * Reads a file of API keys: one a line, at least 16 characters without spaces; empty lines and lines that begin with # are
 * left out. @throws FoveaError naming the line.
 */
export function readKeys(text: string, file: string): KeyCheck {
  const keys: Buffer[] = [];
  text.split(/\r?\n/).forEach((line, i) => {
    const key = line.trim();
    if (key === '' || key.startsWith('#')) return;
    // The key itself must not be told: errors end up in logs.
    if (key.length < shortest || /\s/.test(key)) {
      const received = /\s/.test(key) ? 'one with spaces' : `one of ${key.length}`;
      throw mismatch(`a key of at least ${shortest} characters`, `line ${i + 1} of '${file}'`, received);
    }
    keys.push(digest(key));
  });
  if (keys.length === 0) throw invalid('at least one key, one a line,', `file '${file}'`, 0);
  return (key) => {
    // Digests have one length, and all are compared whichever fits.
    const given = digest(key ?? '');
    let found = false;
    for (const known of keys) if (timingSafeEqual(known, given)) found = true;
    return found && key !== undefined;
  };
}

/** The key that a request brings: `Authorization: Bearer KEY` or `X-API-Key: KEY`. */
export function keyOf(headers: Readonly<Record<string, string | string[] | undefined>>): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(String(headers.authorization ?? ''))?.[1];
  const plain = headers['x-api-key'];
  return bearer ?? (typeof plain === 'string' ? plain : undefined);
}
