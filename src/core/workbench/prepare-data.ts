import type { Skipped } from '../dataset/dataset.ts';
import { FoveaError } from '../errors.ts';
import type { FitMode } from '../image/fit.ts';
import type { Adapters } from './adapters.ts';
import type { VerbOptions } from './verb.ts';

export interface PrepareRequest {
  /** A built-in set or a path. */
  readonly data: string;
  /** The store's folder; default `NAME.store` in the current folder. */
  readonly out?: string;
  /** Absent: that of the store that is there, else as training would choose. */
  readonly size?: { readonly height: number; readonly width: number };
  readonly channels?: 1 | 3;
  readonly fit?: FitMode;
  /** The first picture that cannot be read stops everything. */
  readonly strict?: boolean;
  /** Reads what is there through and decodes anew what is damaged. */
  readonly verify?: boolean;
  readonly seed?: number;
}

export interface PrepareOutcome {
  /** The store's folder, which stands in the place of data from now on. */
  readonly store: string;
  /** `sha256:` and the hash of its index, as runs cite it. */
  readonly hash: string;
  readonly name: string;
  readonly from: string;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly fit: FitMode;
  readonly pictures: number;
  /** Pictures that were decoded now; that were there already; that were there and are gone from the data. */
  readonly decoded: number;
  readonly kept: number;
  readonly gone: number;
  readonly skipped: readonly Skipped[];
  readonly shards: number;
  /** Of all pixels. */
  readonly bytes: number;
  /** Shards that were damaged, a sentence each; their pictures were decoded anew. */
  readonly damaged: readonly string[];
  /** Everything was as it had to be. */
  readonly unchanged: boolean;
  readonly seconds: number;
  readonly notes: readonly string[];
}

/** A preparation that was interrupted: what is done is found again the next time. */
export interface StoppedPreparation {
  readonly store: string;
  readonly stopped: { readonly done: number; readonly total: number };
}

/** Decodes data once into a store. An interruption is no error: the result says how far it came. @throws FoveaError. */
export function prepareData(
  adapters: Pick<Adapters, 'prepareData'>,
  request: PrepareRequest,
  options: VerbOptions = {},
): Promise<PrepareOutcome | StoppedPreparation> {
  if (!adapters.prepareData) throw new FoveaError('Data cannot be prepared here', 'Use the command line');
  return adapters.prepareData(request, options);
}
