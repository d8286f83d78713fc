import { type CatalogueSet, catalogue } from '../../core/dataset/catalogue.ts';
import { entryOfSet, folderOf } from '../../core/workbench/fetch-plan.ts';
import type { FileStore } from './file-store.ts';

/** Sets of the catalogue that lie in the page's files. Asked without waiting, so they are looked for once and then told. */
export interface NamedData {
  /** What is named when the set of this name is read; undefined where it is none, or is not wholly here. */
  pathOf(name: string): string | undefined;
  /** A set came. */
  arrived(set: CatalogueSet): void;
}

export async function openNamedData(files: FileStore): Promise<NamedData> {
  const paths = new Map<string, string>();
  const arrived = (set: CatalogueSet): void => void paths.set(set.name, entryOfSet(folderOf(set), set));
  for (const set of catalogue) {
    const sizes = await Promise.all(
      set.files.map(async ({ name }) => (await files.read(`${folderOf(set)}/${name}`))?.size),
    );
    if (set.files.every(({ size }, i) => sizes[i] === size)) arrived(set);
  }
  return { pathOf: (name) => paths.get(name), arrived };
}
