import { applyFixesTo, readFixes } from '../core/workbench/pictures/fixed-data.ts';
import type { FoundData } from '../core/workbench/pictures/found-data.ts';
import { applyAdded, readAdded } from './apply-added.ts';
import { fileStorage } from './storage.ts';

export { type ListedPicture, listPictures, originAt } from '../core/workbench/pictures/fixed-data.ts';

/**
 * Applies what a person decided: fixes, and labelled pictures of pools that count to the data.
 * @param stem what the files beside the data begin with. @throws FoveaError when they cannot be read.
 */
export async function applyDecisions(found: FoundData, stem: string, signal?: AbortSignal): Promise<FoundData> {
  const fixes = await readFixes(fileStorage, stem);
  const added = await readAdded(stem);
  const origins = new Set(added.pictures.map(({ origin }) => origin));
  // Fixes of added pictures are applied with them.
  const fixed = applyFixesTo(
    found,
    fixes.filter((fix) => !('file' in fix) || !origins.has(fix.file)),
  );
  if ('pictures' in fixed) return { ...fixed, pictures: await applyAdded(fixed.pictures, added, fixes, signal) };
  if (origins.size === 0) return fixed;
  const note = `Left out ${origins.size} added pictures: these data are arrays, which take none.`;
  return { ...fixed, source: { ...fixed.source, notes: [...fixed.source.notes, note] } };
}
