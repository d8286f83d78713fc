import { mismatch } from '../errors.ts';
import { quotePath } from '../formats/quote.ts';

/** The first line of a file of decisions: what it holds. */
export interface KeptHead {
  readonly format: string;
  readonly version: number;
}

/**
 * Reads a file of decisions: a line of JSON each, after one that names the format.
 * @param writtenBy the command whose file it must be. @param check one line. @throws FoveaError naming the line.
 */
export function readKept<T>(
  text: string,
  name: string,
  head: KeptHead,
  writtenBy: string,
  check: (value: Readonly<Record<string, unknown>>, subject: string) => T,
): T[] {
  const found: T[] = [];
  text.split('\n').forEach((line, i) => {
    if (line.trim() === '') return;
    const subject = `line ${i + 1} of ${quotePath(name)}`;
    let value: Record<string, unknown>;
    try {
      value = JSON.parse(line);
    } catch {
      throw mismatch('a line of JSON', subject, 'none', 'Mend or remove the line');
    }
    if (i === 0) {
      if (value?.format === head.format && value.version === head.version) return;
      throw mismatch(JSON.stringify(head), subject, 'something else', `Name a file that ${writtenBy} wrote`);
    }
    found.push(check(value ?? {}, subject));
  });
  return found;
}

/** The text of a file of decisions. */
export const writeKept = (head: KeptHead, lines: readonly object[]): string =>
  `${[head, ...lines].map((line) => JSON.stringify(line)).join('\n')}\n`;
