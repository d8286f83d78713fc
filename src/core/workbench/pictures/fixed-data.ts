import { type DataSource, type Dataset, type Part, parts, subset } from '../../dataset/dataset.ts';
import { applyFixes, type Fix, fixesFile, type Labelled, readFixLines, standingFixes } from '../../dataset/fixes.ts';
import type { Storage } from '../storage.ts';
import type { FoundData } from './found-data.ts';

/** A picture of data that were found, as fixes name it. */
export interface ListedPicture {
  readonly origin: string;
  readonly label: number;
  readonly part: Part;
}

/** All pictures of data that were found, encoded or not, in their order. */
export function listPictures(found: FoundData): Labelled<ListedPicture> {
  if ('pictures' in found) return found.pictures;
  const { source } = found;
  const datasets = parts.flatMap((part) => (source[part] ? [{ part, dataset: source[part] }] : []));
  const pictures = datasets.flatMap(({ part, dataset }) =>
    Array.from(dataset.labels, (label, i) => ({ origin: originAt(dataset, part, i), label, part, index: i })),
  );
  return { classNames: datasets[0].dataset.classNames, pictures };
}

/** What a picture without a file is called: its part and its number there. */
export const originAt = (dataset: Dataset, part: Part, i: number): string => dataset.origins?.[i] ?? `${part}/${i}`;

/** The decisions beside data that stand. @param stem what their files begin with. */
export async function readFixes(storage: Storage, stem: string): Promise<(Fix & { readonly at: string })[]> {
  const file = fixesFile(stem);
  if ((await storage.kind(file)) !== 'file') return [];
  return standingFixes(readFixLines(new TextDecoder().decode(await storage.read(file)), file));
}

/** Data as decisions make them; their own files are not touched. */
export function applyFixesTo(found: FoundData, fixes: readonly Fix[]): FoundData {
  if (fixes.length === 0) return found;
  if ('pictures' in found) {
    const { classNames, pictures, notes } = applyFixes(found.pictures, fixes);
    const set = { ...found.pictures, classNames, pictures, notes: [...found.pictures.notes, ...notes] };
    return { ...found, pictures: set };
  }
  const { classNames, pictures, notes } = applyFixes(listPictures(found) as Labelled<ListedPicture & Numbered>, fixes);
  const { source } = found;
  const datasets: Partial<Record<Part, Dataset | undefined>> = {};
  for (const part of parts) {
    const dataset = source[part];
    const kept = pictures.filter((picture) => picture.part === part);
    if (!dataset) continue;
    const labels = Int32Array.from(kept, ({ label }) => label);
    const indices = kept.map(({ index }) => index);
    const rest = kept.length === dataset.count ? dataset : kept.length > 0 ? subset(dataset, indices) : undefined;
    datasets[part] = rest && { ...rest, classNames, labels };
  }
  const fixed: DataSource = { ...source, ...datasets, notes: [...source.notes, ...notes] };
  return { ...found, source: fixed };
}

interface Numbered {
  readonly index: number;
}
