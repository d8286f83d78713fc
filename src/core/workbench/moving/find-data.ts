import type { DataSource } from '../../dataset/dataset.ts';
import { indexHashOf } from '../../dataset/store/store-of.ts';
import { FoveaError } from '../../errors.ts';
import type { Adapters } from '../adapters.ts';
import { readSplit } from '../read-split.ts';
import { plainName, type RunDescription } from '../run-folder.ts';
import { openRunData, openSource } from '../training-data.ts';
import type { VerbOptions } from '../verb.ts';
import { type LinkedData, linked } from './link-data.ts';

/** Data that are here and may be those of a run. */
export interface KnownData {
  /** Absent: they are meant, whatever they are called. */
  readonly name?: string;
  /** What opens them. */
  readonly path: string;
  /** Where their split lies, if they have one. */
  readonly split: string;
}

/**
 * Looks whether a run's data are here already, under their name: the same pictures, pixel by pixel, and the same labels
 * and parts. @param split the split of the run as it came along; undefined where none did. @param store SHA-256 of the
 * index of the pictures that came along, as hex; without it training and validation pictures must be the run's.
 */
export async function findRunData(
  adapters: Adapters,
  description: RunDescription,
  known: readonly KnownData[],
  { split, store }: { readonly split: string | undefined; readonly store: string | undefined },
  options: VerbOptions,
): Promise<LinkedData | undefined> {
  const [height, width, channels] = description.recipe.model.input;
  const { data } = description;
  const opening = { size: { height, width }, channels: channels as 1 | 3, strict: data.strict };
  // Told are only the pictures that are read: what other data say of themselves is none of this run's notes.
  const quiet: VerbOptions = {
    signal: options.signal,
    onEvent: (event) => event.kind === 'reading' && options.onEvent?.(event),
  };
  const isIt = async (link: LinkedData, path: string): Promise<DataSource | undefined> => {
    if (store === undefined) return (await openRunData(adapters, linked(description, link), path, quiet)).opened;
    const opened = await openSource(adapters, path, opening, quiet);
    const same = opened.store?.hash === `sha256:${store}` || (await indexHashOf(opened)) === store;
    return same ? opened : undefined;
  };
  for (const place of known.filter(({ name }) => name === undefined || stemOf(name) === stemOf(data.name))) {
    const file = await splitHere(adapters, description, [place.split, split]);
    if (data.split && file === undefined) continue;
    const link = {
      source: adapters.resolveData(place.path),
      split: data.split && { file: adapters.resolveData(file as string), hash: data.split.hash },
      store: undefined,
    };
    try {
      const opened = await isIt(link, place.path);
      if (opened) return { ...link, store: opened.store };
    } catch (error) {
      // They are others, or cannot be opened: then they are not the run's.
      if (!(error instanceof FoveaError)) throw error;
    }
  }
  return undefined;
}

/** The first of these files that is the split of the run. */
async function splitHere(
  { storage }: Adapters,
  { data }: RunDescription,
  files: readonly (string | undefined)[],
): Promise<string | undefined> {
  for (const file of files) {
    if (!data.split || file === undefined || (await storage.kind(file)) !== 'file') continue;
    try {
      await readSplit(storage, file, data.split.hash);
      return file;
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
    }
  }
  return undefined;
}

/** What data are called but for an archive's ending and the number of a second one of that name. */
const stemOf = (name: string): string => plainName(name.replace(/(\.tar)?\.[a-z0-9]{1,8}$/i, '').replace(/-\d+$/, ''));
