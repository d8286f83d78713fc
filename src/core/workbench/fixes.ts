import { builtIns } from '../dataset/builtin/index.ts';
import type { FindingKind } from '../dataset/findings.ts';
import {
  type Fix,
  type FixLine,
  fixChecker,
  fixesFile,
  readFixLines,
  standingFixes,
  writeFixLines,
} from '../dataset/fixes.ts';
import { FoveaError, invalid } from '../errors.ts';
import { quotePath } from '../formats/quote.ts';
import type { Adapters } from './adapters.ts';
import { examineData } from './doctor.ts';
import { readText, type Storage } from './storage.ts';
import type { VerbOptions } from './verb.ts';

export interface FixRequest {
  readonly data: string;
  /** New fixes, in this order. Without any and without `from`, `undo` and `mend` nothing is written. */
  readonly fixes?: readonly Fix[];
  /** A file of fixes that another copy of the data has: those that stand there and not here come before `fixes`. */
  readonly from?: string;
  /** Takes the last fix back that still stands. */
  readonly undo?: boolean;
  /** Examines the data and takes the way out of every finding of this kind that has just one. */
  readonly mend?: FindingKind;
  /** What of the examination is left to chance follows from it. */
  readonly seed?: number;
}

export interface FixOutcome {
  /** Where the fixes are kept. */
  readonly file: string;
  readonly added: readonly Fix[];
  readonly undone?: Fix;
  /** All that stand, oldest first. */
  readonly fixes: readonly (Fix & { readonly at: string })[];
}

/**
 * Keeps what a person decided about data in a plain file beside them; their own files are never touched. Every line stays:
 * an undo is a line of its own. @throws FoveaError when a fix names what is not there, or there is nothing to undo.
 */
export async function fixData(adapters: Adapters, request: FixRequest, options: VerbOptions = {}): Promise<FixOutcome> {
  const { data, undo = false } = request;
  const { storage } = adapters;
  if (builtIns.has(data)) throw invalid('data of your own', 'fixes', data, 'Built-in sets need none');
  const file = fixesFile(adapters.beside(data));
  const before = (await storage.kind(file)) === 'file' ? readFixLines(await readText(storage, file), file) : [];
  const at = adapters.now();
  if (undo) {
    const undone = standingFixes(before).at(-1);
    if (!undone) throw new FoveaError(`There is no fix to take back for ${quotePath(data)}`);
    const lines: FixLine[] = [...before, { fix: 'undo', at }];
    await storage.write(file, writeFixLines(lines));
    return { file, added: [], undone, fixes: standingFixes(lines) };
  }
  const check = fixChecker(await adapters.listPictures(data, { signal: options.signal }), data);
  const added: Fix[] = [];
  const taken = request.from === undefined ? [] : await fixesOf(storage, request.from, standingFixes(before));
  for (const fix of [...taken, ...(request.fixes ?? []), ...(await mends(adapters, request, options))]) {
    check(fix);
    added.push(fix);
  }
  const lines: FixLine[] = [...before, ...added.map((fix) => ({ ...fix, at }))];
  if (added.length > 0) await storage.write(file, writeFixLines(lines));
  return { file, added, fixes: standingFixes(lines) };
}

/** The fixes that stand in a file, less those that stand already. @throws FoveaError when it is no such file. */
async function fixesOf(storage: Storage, path: string, standing: readonly Fix[]): Promise<Fix[]> {
  const textOf = ({ at: _, ...fix }: Fix & { readonly at?: string }): string =>
    JSON.stringify(Object.entries(fix).sort());
  const known = new Set(standing.map(textOf));
  return standingFixes(readFixLines(await readText(storage, path), path))
    .filter((fix) => !known.has(textOf(fix)))
    .map(({ at: _, ...fix }) => fix);
}

async function mends(adapters: Adapters, { data, mend, seed }: FixRequest, options: VerbOptions): Promise<Fix[]> {
  if (mend === undefined) return [];
  const { findings } = await examineData(adapters, { data, seed }, options);
  const sure = findings.filter(({ kind, mends }) => kind === mend && mends.length === 1 && mends[0].when === undefined);
  const fixes = sure.flatMap((finding) => finding.mends[0].fixes);
  if (fixes.length === 0) {
    throw new FoveaError(
      `${quotePath(data)} has no finding '${mend}' with one way out`,
      'Run fovea data doctor to see what there is',
    );
  }
  return fixes;
}
