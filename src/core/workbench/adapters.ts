import type { Engine } from '../backend/backend.ts';
import type { ChosenSize, PictureSizes } from '../dataset/choose-size.ts';
import type { DataSource, Part, Skipped } from '../dataset/dataset.ts';
import type { Survey } from '../dataset/facts.ts';
import type { Labelled } from '../dataset/fixes.ts';
import type { Understood } from '../dataset/sources/recognise.ts';
import type { Picture } from '../image/picture.ts';
import type { FetchedData, FetchOptions, FetchRequest } from './download.ts';
import type { FetchedWeights, FetchWeightsOptions } from './start-weights.ts';
import type { Storage } from './storage.ts';

/** How data are to be opened. */
export interface OpenDataRequest {
  /** The size that all pictures are brought to; absent: chosen from the pictures. */
  readonly size?: { readonly height: number; readonly width: number };
  /** Grey or colour; absent: as the pictures are. */
  readonly channels?: 1 | 3;
  /** A picture that cannot be read stops everything; else it is left out and counted. */
  readonly strict?: boolean;
  /** Of the built-in sets: the seed they are drawn from. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  /** The only part that is needed; others need not be read. */
  readonly only?: Part;
}

/** A picture file that was asked for: its picture, or why it has none. */
export type OpenedPicture =
  | { readonly file: string; readonly picture: Picture }
  | { readonly file: string; readonly error: string };

/** What is known of data before training: see `fovea data show`. */
export interface DataDescription {
  readonly name: string;
  readonly kind: string;
  /** What the data were taken for, how surely, and why; absent for the built-in sets. */
  readonly understood?: Understood;
  readonly classNames: readonly string[];
  /** Pictures of each part, in all and by class (same order as `classNames`). */
  readonly parts: Readonly<Partial<Record<Part, { readonly count: number; readonly classCounts: readonly number[] }>>>;
  readonly sizes: PictureSizes;
  readonly channels: 1 | 3;
  readonly formats: readonly string[];
  readonly chosen: ChosenSize;
  readonly notes: readonly string[];
  readonly skipped: readonly Skipped[];
}

/** What differs between Node and the browser, passed in. */
export interface Adapters {
  readonly storage: Storage;
  /** `inline`: on the calling thread, with no others started, which is quicker where there is little to compute. */
  createEngine(options: { readonly threads?: number; readonly inline?: boolean }): Promise<Engine>;
  /** A built-in set by name, or a path. @throws FoveaError. */
  openData(nameOrPath: string, request: OpenDataRequest): Promise<DataSource>;
  /** Looks without decoding all. @throws FoveaError. */
  describeData(
    nameOrPath: string,
    request: { readonly seed?: number; readonly signal?: AbortSignal },
  ): Promise<DataDescription>;
  /** Looks at every picture once, whole, and keeps of it what judging the set needs. @throws FoveaError. */
  survey(nameOrPath: string, request: Pick<OpenDataRequest, 'seed' | 'signal' | 'onProgress'>): Promise<Survey>;
  /** What the data hold, without looking at it. @throws FoveaError. */
  listPictures(
    nameOrPath: string,
    signal?: AbortSignal,
  ): Promise<Labelled<{ readonly origin: string; readonly label: number }>>;
  /** Small pictures as data URIs for a page, by origin; those that cannot be read are left out. @throws FoveaError. */
  thumbnails(
    nameOrPath: string,
    origins: readonly string[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, string>>;
  /**
   * Files, and the picture files in folders, in order, decoded one after the other.
   * @throws FoveaError when a path is not there or a folder holds no picture.
   */
  openPictures(
    paths: readonly string[],
    request: { readonly channels: 1 | 3; readonly signal?: AbortSignal },
  ): AsyncIterable<OpenedPicture>;
  /** Fetches a data set by name; absent where the host fetches none. @throws FoveaError. */
  fetchData?(request: FetchRequest, options: FetchOptions): Promise<FetchedData>;
  /** Fetches weights by name (`hf:owner/name`); absent where the host fetches none. @throws FoveaError. */
  fetchWeights?(name: string, options: FetchWeightsOptions): Promise<FetchedWeights>;
  /** A name or path that means the same data from everywhere. */
  resolveData(nameOrPath: string): string;
  /** Milliseconds from any origin, never going back. */
  clock(): number;
  /** The time of day, as ISO 8601. */
  now(): string;
  /** Bytes of memory that this process may use, where that is known: a training that needs more is refused. */
  readonly machineMemory?: number;
  /** Where this runs, for the record: runtime, platform, processor. */
  readonly environment: Readonly<Record<string, string | number>>;
}
