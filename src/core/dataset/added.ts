import { z } from 'zod';
import { invalid } from '../errors.ts';
import type { Fix } from './fixes.ts';
import { readKept, writeKept } from './kept-lines.ts';

const lineSchema = z.discriminatedUnion('add', [
  z.object({
    add: z.literal('picture'),
    /** SHA-256 of the file's bytes. */
    hash: z.string().regex(/^[0-9a-f]{64}$/, '64 hex digits'),
    /** Where it lies in the pool, with slashes. */
    file: z.string(),
    /** Where the pool lies, from the folder of this file on where possible. */
    pool: z.string(),
    class: z.string().min(1),
    by: z.enum(['person', 'machine']),
    batch: z.int(),
    at: z.string(),
  }),
  z.object({ add: z.literal('remove'), hash: z.string(), batch: z.int(), at: z.string() }),
  z.object({ add: z.literal('undo'), at: z.string() }),
]);

/** A line of a file of added pictures. Lines of one `batch` were written at once; an undo takes back the last batch. */
export type AddedLine = z.infer<typeof lineSchema>;
/** A picture of a pool that counts to the data. */
export type AddedPicture = Extract<AddedLine, { add: 'picture' }>;

/** Where it is kept which labelled pictures of pools count to the data: beside the data. */
export const addedFile = (data: string): string => `${data}.added.jsonl`;

const head = { format: 'fovea-added', version: 1 };

/** @throws FoveaError naming the line. */
export const readAddedLines = (text: string, name: string): AddedLine[] =>
  readKept(text, name, head, 'fovea data add', (value, subject) => {
    const result = lineSchema.safeParse(value);
    if (result.success) return result.data;
    const [{ path, message }] = result.error.issues;
    throw invalid(`a line as fovea data add writes it (${path.join('.')}: ${message})`, subject, value);
  });

export const writeAddedLines = (lines: readonly AddedLine[]): string => writeKept(head, lines);

/** The lines that no undo took back. */
export function standingAdded(lines: readonly AddedLine[]): Exclude<AddedLine, { add: 'undo' }>[] {
  const standing: Exclude<AddedLine, { add: 'undo' }>[] = [];
  for (const line of lines) {
    if (line.add !== 'undo') {
      standing.push(line);
      continue;
    }
    const last = standing.at(-1)?.batch;
    while (standing.length > 0 && standing.at(-1)!.batch === last) standing.pop();
  }
  return standing;
}

/** The pictures that count to the data: for each content the last word. */
export function addedPictures(lines: readonly AddedLine[]): AddedPicture[] {
  const found = new Map<string, AddedPicture>();
  for (const line of standingAdded(lines)) {
    found.delete(line.hash);
    if (line.add === 'picture') found.set(line.hash, line);
  }
  return [...found.values()];
}

/** How an added picture is named among those of the data. */
export const addedOrigin = ({ pool, file }: Pick<AddedPicture, 'pool' | 'file'>): string =>
  `added/${pool.split(/[\\/]/).findLast((step) => step !== '' && step !== '.' && step !== '..') ?? 'pool'}/${file}`;

/**
 * The class that a picture has by now: fixes that came after it was added apply to it too. Undefined where it is excluded.
 */
export function classOfAdded(
  added: AddedPicture,
  origin: string,
  fixes: readonly (Fix & { readonly at: string })[],
): string | undefined {
  let name = added.class;
  for (const fix of fixes) {
    if (fix.fix === 'exclude' && fix.file === origin) return undefined;
    if (fix.fix === 'relabel' && fix.file === origin) name = fix.class;
    if (fix.at < added.at) continue;
    if (fix.fix === 'merge' && fix.from === name) name = fix.into;
    if (fix.fix === 'rename' && fix.from === name) name = fix.to;
  }
  return name;
}
