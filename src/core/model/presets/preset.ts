import type { Shape } from '../../shape.ts';
import type { ModelDraft } from '../spec.ts';

/** A network known by name: a constant in its own file, and a line in `presets/index.ts`. */
export interface Preset {
  /** As on the command line: `mnist-cnn`. */
  readonly name: string;
  /** One sentence: when to choose it. */
  readonly doc: string;
  /** Smallest height and width of a picture that it takes. */
  readonly minimumSize: number;
  /** The network for pictures of a size [height, width, channels] and a number of classes. */
  draft(data: { readonly input: Shape; readonly classes: number }): ModelDraft;
}
