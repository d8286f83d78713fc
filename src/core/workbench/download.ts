import { FoveaError } from '../errors.ts';
import type { Adapters } from './adapters.ts';

export interface FetchRequest {
  /** `mnist`, …, or `hf:owner/name`. */
  readonly name: string;
  /** Of a set on Hugging Face that has several: which. */
  readonly subset?: string;
  /** The folder of the files; default `data/NAME`. */
  readonly out?: string;
  /**
   * Addresses that stand in the stead of the official ones, in order: for the sets of the catalogue folders that hold
   * `NAME/FILE`; for `hf:` the hub itself.
   */
  readonly mirrors?: readonly string[];
  /** Most bytes in all. Default 10 GB. */
  readonly limit?: number;
}

export type FetchEvent =
  | { readonly kind: 'begin'; readonly name: string; readonly licence: string; readonly folder: string }
  /** Bytes of this file, and of the whole set where its size is known; `total` undefined while unknown. */
  | {
      readonly kind: 'progress';
      readonly file: string;
      readonly done: number;
      readonly total: number | undefined;
      readonly set?: { readonly name: string; readonly done: number; readonly total: number };
    }
  | { readonly kind: 'failure'; readonly file: string; readonly address: string; readonly reason: string }
  | { readonly kind: 'file'; readonly file: FetchedFile };

export interface FetchedFile {
  /** Below the folder, with slashes. */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** Whether the checksum was compared with one from elsewhere. */
  readonly verified: boolean;
  /** Where it came from; absent: it lay there already. */
  readonly address?: string;
  /** Bytes of an earlier attempt that were used. */
  readonly resumedAt: number;
}

export interface FetchedData {
  readonly name: string;
  readonly folder: string;
  /** What `train`, `test` and `data show` take: the name itself, or a path. */
  readonly data: string;
  readonly licence: string;
  readonly homepage: string;
  readonly files: readonly FetchedFile[];
  /** Splits of a set on Hugging Face that are neither train, val nor test. */
  readonly leftOut: readonly string[];
  /** Where it was interrupted: the file, and what of it is kept. */
  readonly stopped?: { readonly file: string; readonly kept: number };
}

export interface FetchOptions {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: FetchEvent) => void;
}

/** Fetches a data set by name. An interruption is no error: the result says where it stopped. @throws FoveaError. */
export function fetchNamed(
  adapters: Pick<Adapters, 'fetchData'>,
  request: FetchRequest,
  options: FetchOptions = {},
): Promise<FetchedData> {
  if (!adapters.fetchData) throw new FoveaError('Data cannot be fetched by name here', 'Use the command line');
  return adapters.fetchData(request, options);
}
