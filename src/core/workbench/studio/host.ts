import type { Part, Skipped } from '../../dataset/dataset.ts';
import type { Understood } from '../../dataset/sources/recognise.ts';
import type { Picture } from '../../image/picture.ts';
import type { Adapters, DataDescription, LookRequest } from '../adapters.ts';
import type { ReportContent } from '../report.ts';

/** One picture of data, not decoded yet. */
export interface ListedPicture {
  /** Where it lies: below the data's folder, or a place in a file. Data, never a path. */
  readonly origin: string;
  readonly label: number;
  readonly part: Part | undefined;
  readonly group?: string;
}

/** Data opened to look at their pictures one by one, a person's decisions applied. */
export interface Gallery {
  readonly name: string;
  readonly kind: string;
  readonly understood?: Understood;
  readonly classNames: readonly string[];
  readonly pictures: readonly ListedPicture[];
  readonly notes: readonly string[];
  readonly skipped: readonly Skipped[];
  /** Counts, sizes and the input size to choose: looks into some pictures. */
  describe(): Promise<DataDescription>;
  /** Bytes that it holds in memory, about. */
  readonly heldBytes: number;
  /** A picture as it is, upright, grey or colour. @throws FoveaError where it cannot be read. */
  read(index: number): Promise<Picture>;
  /** The same where a small one will do: its shorter side at least `side`, if the picture has as much. */
  readSmall(index: number, side: number): Promise<Picture>;
  /** Its encoded bytes as they are; undefined for pixels that lie in an array. */
  bytes(index: number): Promise<Uint8Array | undefined>;
}

/** What the studio needs of its host beside the workbench's adapters. */
export interface StudioHost extends Adapters {
  /** 'node': behind HTTP, with the machine's files; 'page': in the browser alone. */
  readonly place: 'node' | 'page';
  /** Threads that an engine will have. */
  readonly threads: number;
  /** What a person should know about where this runs, a sentence each: `One thread: this page is not isolated.` */
  readonly cautions: readonly string[];
  openGallery(
    nameOrPath: string,
    request: Omit<LookRequest, 'verify'> & {
      /** Told how many bytes of an archive were looked through. */
      readonly onRead?: (done: number, total: number) => void;
    },
  ): Promise<Gallery>;
  /** A picture file. @throws FoveaError where it is none, or has too many pixels. */
  decodePicture(bytes: Uint8Array, name: string): Promise<Picture>;
  /** Draws the page about a test, which holds all that it shows: HTML. */
  drawReport(content: ReportContent): Promise<string>;
  /** Writes to the end of a file, which is made where there is none in a folder that is there. @returns its bytes then. */
  append(path: string, bytes: Uint8Array): Promise<number>;
  /** A file's bytes, or of all files below a folder; 0 where there is none. */
  bytesOf(path: string): Promise<number>;
  /** Moves a file or a folder; never over one. `onMoved`: after each file, where they are moved one by one. @throws FoveaError. */
  move(from: string, to: string, onMoved?: () => void): Promise<void>;
  /** Told of errors that are no person's doing. */
  report(error: unknown): void;
}
