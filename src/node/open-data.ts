import type { DataSource } from '../core/dataset/dataset.ts';
import { type OpenDataOptions, openFound as openFoundBy } from '../core/workbench/pictures/open-found.ts';
import { nodeCodec } from './codec.ts';
import { describeFound, findData } from './describe-data.ts';

/**
 * Opens labelled pictures: a built-in set (`digits`, `shapes`), or what a folder, an archive or a file holds: class
 * folders, lists, IDX, CIFAR, NumPy or Parquet.
 * @throws FoveaError when there is nothing to train or test on, saying what was expected and how to mend it.
 */
export async function openData(nameOrPath: string, options: OpenDataOptions = {}): Promise<DataSource> {
  const found = await findData(nameOrPath, options);
  return openFound(found, await describeFound(found, options.signal), options);
}

/** As the core's, with this machine's codec. */
export const openFound = openFoundBy.bind(undefined, nodeCodec);

export { checkReadable, noteFit, type OpenDataOptions } from '../core/workbench/pictures/open-found.ts';
export { type DataDescription, describeData, describeFound, type FoundData, findData } from './describe-data.ts';
export { openPictures, type PictureFile } from './open-pictures.ts';
