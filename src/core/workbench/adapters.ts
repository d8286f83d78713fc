import type { Engine } from '../backend/backend.ts';
import type { ChosenSize, PictureSizes } from '../dataset/choose-size.ts';
import type { DataSource, Part, Skipped } from '../dataset/dataset.ts';
import type { Survey } from '../dataset/facts.ts';
import type { Labelled } from '../dataset/fixes.ts';
import type { Understood } from '../dataset/sources/recognise.ts';
import type { InputTensor } from '../export/pictures.ts';
import type { ByteSource } from '../formats/byte-source.ts';
import type { Picture } from '../image/picture.ts';
import type { FetchedData, FetchOptions, FetchRequest } from './download.ts';
import type { PrepareOutcome, PrepareRequest, StoppedPreparation } from './prepare-data.ts';
import type { RunElsewhere } from './prove.ts';
import type { FetchedWeights, FetchWeightsOptions } from './start-weights.ts';
import type { Storage } from './storage.ts';
import type { TorchHost } from './torch/launch.ts';
import type { VerbOptions } from './verb.ts';

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
  /** What the files of decisions about the data begin with; by default the data's own path. See `Adapters.beside`. */
  readonly beside?: string;
}

/** How data are looked at. */
export type LookRequest = Pick<OpenDataRequest, 'seed' | 'signal' | 'beside'> & {
  /** Reads a prepared store through and compares its hashes. */
  readonly verify?: boolean;
};

/** Where a picture came from, to look at it again. */
export interface PictureSource {
  /** Its encoded bytes as they are; absent for pixels that lie in an array. @throws FoveaError. */
  bytes?(): Promise<Uint8Array>;
  /** Decoded anew. @throws FoveaError. */
  decode(channels: 1 | 3): Promise<Picture>;
}

/** A picture file that was asked for: its picture, or why it has none. */
export type OpenedPicture =
  | { readonly file: string; readonly picture: Picture; readonly source: PictureSource }
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

/** An ONNX file that is ready to run. */
export interface OnnxSession {
  /** Its name and version, for the record. */
  readonly runtime: string;
  run(input: InputTensor, names: { readonly input: string; readonly output: string }): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Results that can be computed again, kept by name from one command to the next. Never fails: at worst nothing is kept. */
export interface Cache {
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, bytes: Uint8Array): Promise<void>;
}

/** What differs between Node and the browser, passed in. */
export interface Adapters {
  readonly storage: Storage;
  /** Absent where nothing can be kept: everything is computed each time. */
  readonly cache?: Cache;
  /** `inline`: on the calling thread, with no others started, which is quicker where there is little to compute. */
  createEngine(options: { readonly threads?: number; readonly inline?: boolean }): Promise<Engine>;
  /** A built-in set by name, or a path. @throws FoveaError. */
  openData(nameOrPath: string, request: OpenDataRequest): Promise<DataSource>;
  /** Looks without decoding all. @throws FoveaError. */
  describeData(nameOrPath: string, request: LookRequest): Promise<DataDescription>;
  /** Looks at every picture once, whole, and keeps of it what judging the set needs. @throws FoveaError. */
  survey(nameOrPath: string, request: LookRequest & Pick<OpenDataRequest, 'onProgress'>): Promise<Survey>;
  /** What the data hold, without looking at it; `arrays`: pixels instead of picture files. @throws FoveaError. */
  listPictures(
    nameOrPath: string,
    request?: Omit<LookRequest, 'seed'>,
  ): Promise<Labelled<{ readonly origin: string; readonly label: number }> & { readonly arrays: boolean }>;
  /** Upright sizes of picture files, from their headers, by origin; none of pixels in arrays. Absent where the host cannot. */
  pictureSizes?(
    nameOrPath: string,
    origins: readonly string[],
    request?: Omit<LookRequest, 'seed'>,
  ): Promise<ReadonlyMap<string, { readonly height: number; readonly width: number }>>;
  /** Encodes pixels as JPEG (quality 1 … 100) and decodes them again; absent where the host cannot. */
  recompress?(picture: Picture, quality: number): Promise<Picture>;
  /** Small pictures as data URIs for a page, by origin; those that cannot be read are left out. @throws FoveaError. */
  thumbnails(
    nameOrPath: string,
    origins: readonly string[],
    request?: Omit<LookRequest, 'seed'> & Pick<OpenDataRequest, 'onProgress'>,
  ): Promise<ReadonlyMap<string, string>>;
  /**
   * Files, and the picture files in folders, in order, decoded one after the other.
   * @throws FoveaError when a path is not there or a folder holds no picture.
   */
  openPictures(
    paths: readonly string[],
    request: { readonly channels: 1 | 3; readonly signal?: AbortSignal },
  ): AsyncIterable<OpenedPicture>;
  /** The files below a folder, or a file alone, as they are; links that lead out are skipped. @throws FoveaError. */
  listFiles(
    path: string,
    signal?: AbortSignal,
  ): Promise<{
    readonly files: readonly { readonly path: string; bytes(): Promise<Uint8Array> }[];
    readonly skipped: readonly Skipped[];
  }>;
  /** A file to read here and there. @throws FoveaError. */
  openFile(path: string): Promise<ByteSource>;
  /** Fetches a data set by name; absent where the host fetches none. @throws FoveaError. */
  fetchData?(request: FetchRequest, options: FetchOptions): Promise<FetchedData>;
  /** Fetches weights by name (`hf:owner/name`); absent where the host fetches none. @throws FoveaError. */
  fetchWeights?(name: string, options: FetchWeightsOptions): Promise<FetchedWeights>;
  /** Decodes data once into a store; absent where the host cannot. @throws FoveaError. */
  prepareData?(request: PrepareRequest, options: VerbOptions): Promise<PrepareOutcome | StoppedPreparation>;
  /** Opens an ONNX file with onnxruntime, or says why that is not at hand; absent where the host has none. */
  openOnnx?(bytes: Uint8Array): Promise<OnnxSession | { readonly missing: string }>;
  /**
   * Runs exported PyTorch source on pixels, uint8 [count, height, width, channels], or says why that cannot be.
   * @throws FoveaError when it ran and failed; the signal's reason when aborted.
   */
  runPytorch?(
    files: { readonly code: Uint8Array; readonly weights: Uint8Array; readonly weightsFile: string },
    pixels: Uint8Array,
    count: number,
    signal?: AbortSignal,
  ): Promise<RunElsewhere>;
  /** A picture as PNG; absent where the host writes none. */
  encodePng?(picture: Picture): Promise<Uint8Array>;
  /** What the build made for exports to take along; absent where the host has none. @throws FoveaError. */
  readBuilt?(name: 'page.html' | 'node-lock.json'): Promise<Uint8Array>;
  /** PyTorch Distributed; absent where the host starts no programs. */
  readonly torch?: TorchHost;
  /** A name or path that means the same data (or file) from everywhere: what is written down. */
  resolveData(nameOrPath: string): string;
  /** What opens data or a file that `resolveData` named. */
  locate(recorded: string): string;
  /** A project's folder of runs: looks at test pictures by way of any of its runs and sweeps count there. */
  readonly runs?: string;
  /** What the files begin with that hold a person's decisions about data: `BESIDE.fixes.jsonl`, `BESIDE.added.jsonl`. */
  beside(nameOrPath: string): string;
  /** Milliseconds from any origin, never going back. */
  clock(): number;
  /** The time of day, as ISO 8601. */
  now(): string;
  /** Who writes: for locks, see `takeLock`. */
  readonly writer: {
    readonly process: number;
    readonly machine: string;
    /** Whether a process of this machine is there. */
    isAlive(process: number): boolean;
  };
  /** Does something again and again until the returned function is called; keeps no process alive. */
  every(milliseconds: number, work: () => void): () => void;
  /** Bytes of memory that this process may use, where that is known: a training that needs more is refused. */
  readonly machineMemory?: number;
  /** Where this runs, for the record: runtime, platform, processor. */
  readonly environment: Readonly<Record<string, string | number>>;
}
