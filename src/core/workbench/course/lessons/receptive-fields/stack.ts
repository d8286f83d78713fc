import { parseShorthand } from '../../../../model/shorthand.ts';
import { adapt, type ModelDraft } from '../../../../model/spec.ts';
import { type LayerSummary, summarize } from '../../../../model/summary.ts';

/** Convolutions on top of each other, 8 kernels each. */
export interface Stack {
  readonly layers: number;
  readonly kernel: number;
  /** How many of them, from the first, have stride 2; the others have stride 1. */
  readonly halvings: number;
  readonly dilation: number;
}

/** @param activation whether each convolution is followed by relu. */
export function stackOf({ layers, kernel, halvings, dilation }: Stack, activation = true): ModelDraft {
  const steps = Array.from({ length: layers }, (_, i) => {
    const stride = i < halvings ? ' stride=2' : '';
    return `conv 8 ${kernel}${stride} padding=same dilation=${dilation}${activation ? ', relu' : ''}`;
  });
  return parseShorthand(`${steps.join(', ')}, gap, linear`);
}

/** Its convolutions, as a summary tells of them. */
export function convolutionsOf(draft: ModelDraft, side: number): LayerSummary[] {
  const { layers } = summarize(adapt(draft, { input: [side, side, 1], classes: 10 }));
  return layers.filter(({ type }) => type === 'conv2d');
}
