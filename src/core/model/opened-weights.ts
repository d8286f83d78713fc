import type { Normalisation } from './build.ts';
import type { ModelSpec } from './spec.ts';
import type { LoadedTensor } from './weights.ts';

/** Weights from elsewhere, and what is known of the model that they are of. */
export interface OpenedWeights {
  /** A path, or a name on Hugging Face. */
  readonly source: string;
  /** `sha256:` of the file. */
  readonly hash: string;
  readonly tensors: ReadonlyMap<string, LoadedTensor>;
  /** The model, where the file tells it: Fovea's own files do. */
  readonly model?: ModelSpec;
  /** The preset that has these names and shapes, where a table says so. */
  readonly preset?: string;
  /** What its logits meant. */
  readonly classNames?: readonly string[];
  /** How its pictures were normalised. */
  readonly normalisation?: Normalisation;
}
