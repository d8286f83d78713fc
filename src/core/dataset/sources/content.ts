import type { DataSource, Part, Skipped } from '../dataset.ts';
import type { Tree } from './tree.ts';

/** A picture that is encoded (JPEG, PNG, …) and has a label, found and not yet read. */
export interface LabelledPicture {
  /** How it is named to the person: below the data, with slashes, or a row of a file. */
  readonly origin: string;
  /** i means `classNames[i]`. */
  readonly label: number;
  readonly part: Part;
  /** Pictures of one group (a patient, a scene) must stay on one side of a split. */
  readonly group?: string;
  /** Where it lies on this machine, for a host that decodes by path. */
  readonly file?: string;
  /** Its encoded bytes. @throws FoveaError naming it when they cannot be read or are more than `limit`. */
  bytes(limit?: number): Promise<Uint8Array>;
}

/** Encoded pictures that belong together. */
export interface PictureSet {
  readonly name: string;
  readonly classNames: readonly string[];
  /** By part, then by class or as they are listed. */
  readonly pictures: readonly LabelledPicture[];
  /** What was understood and why, a sentence each. */
  readonly notes: readonly string[];
  readonly skipped: readonly Skipped[];
}

/** What a recogniser reads: encoded pictures, or pixels as they are. */
export type Content = { readonly pictures: PictureSet } | { readonly arrays: DataSource };

export const kinds = ['store', 'class-folders', 'list', 'idx', 'cifar', 'numpy', 'parquet'] as const;
export type SourceKind = (typeof kinds)[number];

/** How sure a recogniser is: names and bytes agree; names suggest it; it could be. */
export type Certainty = 'certain' | 'likely' | 'possible';

export interface Recognised {
  readonly kind: SourceKind;
  readonly certainty: Certainty;
  /** One sentence, without what else there is. */
  readonly why: string;
  /** @throws FoveaError when what looked like it cannot be read as it. */
  read(): Promise<Content>;
}

export interface RecogniseOptions {
  readonly signal?: AbortSignal;
  /** The one file that the person named, by path, when it was no folder and no archive. */
  readonly only?: string;
  /** Where hashes are kept, everything is read through and compared with them. */
  readonly verify?: boolean;
  /** Told of what looked like this kind and was not taken, a sentence: why the data are not what the person may think. */
  readonly onHint?: (hint: string) => void;
}

/** Looks at a tree: what it could be, or nothing where there is no sign of its kind. Reads little. */
export interface Recogniser {
  readonly kind: SourceKind;
  recognise(tree: Tree, options: RecogniseOptions): Promise<Recognised | undefined>;
}
