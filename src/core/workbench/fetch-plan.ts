import { type CatalogueSet, folderOfSet } from '../dataset/catalogue.ts';

/** Below the folder in which somebody works: where sets that were fetched by name lie. */
export const dataFolder = 'data';

/** Written last, beside the files: what was fetched, from where. */
export const sourceFile = 'source.json';

/** A file of a set of the catalogue, with the addresses to try in their order. */
export interface PlannedFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly addresses: readonly string[];
}

/** @param bases folders on the web that hold the set's files, each with a slash at its end. */
export const planFiles = ({ files }: CatalogueSet, bases: readonly string[]): PlannedFile[] =>
  files.map(({ name, size, sha256 }) => ({ path: name, size, sha256, addresses: bases.map((base) => base + name) }));

/** What is named when a set is read that lies in `folder`: a file of it, or the folder. */
export const entryOfSet = (folder: string, { entry }: CatalogueSet): string =>
  entry === undefined ? folder : `${folder}/${entry}`;

/** Below `dataFolder`, with slashes. */
export const folderOf = (set: CatalogueSet): string => `${dataFolder}/${folderOfSet({ kind: 'catalogue', set })}`;
