import type { TestTimeAugmentation } from '../../image/test-time-augmentation.ts';
import type { ModelDraft } from '../../model/spec.ts';
import { say } from '../../say.ts';
import type { AverageSpec } from '../averages.ts';
import type { ClipSpec, OptimizerSpec } from '../recipe.ts';

/** What settings depend on: small grey pictures (digits, clothes), small colour pictures, photographs. */
export const dataKinds = ['grey', 'colour', 'photos'] as const;
export type DataKind = (typeof dataKinds)[number];

/** Of height, width and channels. */
export interface PictureShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Beyond it pictures are photographs, in which things stand anywhere and in all sizes. */
const largestSmall = 64;

export const kindOf = ({ height, width, channels }: PictureShape): DataKind =>
  Math.max(height, width) > largestSmall ? 'photos' : channels === 1 ? 'grey' : 'colour';

export const kindWords: Readonly<Record<DataKind, string>> = {
  grey: say`small grey pictures`,
  colour: say`small colour pictures`,
  photos: say`photographs`,
};

/** Complete settings of a training for one kind of data. */
export interface RecipeSettings {
  /** A preset's name, or a network for pictures of a shape. */
  readonly model: string | { readonly name: string; draft(input: readonly number[], classes: number): ModelDraft };
  /** Training pictures, counted again in each epoch; epochs follow from it. */
  readonly views: number;
  readonly epochs: { readonly fewest: number; readonly most: number };
  readonly batch: number;
  readonly optimizer: OptimizerSpec;
  readonly learningRate: number;
  readonly schedule: { readonly type: string; readonly [option: string]: unknown };
  /** Share of all steps in which the learning rate rises. */
  readonly warmup: number;
  readonly labelSmoothing: number;
  /** As a person types it; mirroring is left out where class names forbid it. */
  readonly augmentation: string;
  /** What is otherwise for digits, letters and signs, which not only mirroring makes other ones. */
  readonly signs?: Partial<Pick<RecipeSettings, 'augmentation' | 'labelSmoothing'>>;
  /** Left out where mirroring is. */
  readonly testTimeAugmentation?: TestTimeAugmentation;
  readonly average?: AverageSpec;
  readonly clip?: ClipSpec;
  /** A sentence for each choice that needs one. */
  readonly why: readonly string[];
  /** What was reached with it, on which data; absent: not measured. */
  readonly measured?: string;
}

/** Settings for every kind of data: a constant in its own file, and a line in `index.ts`. */
export interface NamedRecipe {
  readonly name: string;
  /** One sentence: when to choose it. */
  readonly doc: string;
  readonly settings: Readonly<Record<DataKind, RecipeSettings>>;
}
