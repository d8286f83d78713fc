import type { LayerSummary } from '../model/summary.ts';
import type { Adapters } from './adapters.ts';
import { type ShowModelRequest, type ShownModel, showModel } from './show-model.ts';

export interface CompareModelsRequest extends Omit<ShowModelRequest, 'model'> {
  readonly models: readonly [string, string];
}

/** A row of a comparison: layers of the same type and place in both models, or one that the other has not. */
export interface LayerPair {
  readonly left: LayerSummary | undefined;
  readonly right: LayerSummary | undefined;
  /** Both give the same shape with as many parameters. */
  readonly same: boolean;
}

export interface ModelComparison {
  readonly left: ShownModel;
  readonly right: ShownModel;
  readonly layers: readonly LayerPair[];
}

/** Both for the same pictures and classes, where they do not say themselves. @throws FoveaError as `showModel`. */
export async function compareModels(
  adapters: Adapters,
  { models, ...request }: CompareModelsRequest,
  options: { readonly signal?: AbortSignal } = {},
): Promise<ModelComparison> {
  const left = await showModel(adapters, { ...request, model: models[0] }, options);
  const right = await showModel(adapters, { ...request, model: models[1] }, options);
  return { left, right, layers: alignLayers(left.summary.layers, right.summary.layers) };
}

/** Longest common subsequence of types, equal layers counting most (Wagner and Fischer 1974). */
export function alignLayers(left: readonly LayerSummary[], right: readonly LayerSummary[]): LayerPair[] {
  const isSame = (a: LayerSummary, b: LayerSummary): boolean =>
    a.type === b.type && a.outputShape.join() === b.outputShape.join() && a.parameters === b.parameters;
  const worth = (a: LayerSummary, b: LayerSummary): number => (isSame(a, b) ? 3 : a.type === b.type ? 2 : 0);
  // best[i][j]: of what follows layer i on the left and layer j on the right.
  const best = Array.from({ length: left.length + 1 }, () => new Float64Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      const together = worth(left[i], right[j]);
      const paired = together > 0 ? together + best[i + 1][j + 1] : 0;
      best[i][j] = Math.max(paired, best[i + 1][j], best[i][j + 1]);
    }
  }
  const pairs: LayerPair[] = [];
  for (let i = 0, j = 0; i < left.length || j < right.length; ) {
    const [a, b] = [left[i], right[j]];
    const together = a && b ? worth(a, b) : 0;
    if (together > 0 && best[i][j] === together + best[i + 1][j + 1]) {
      pairs.push({ left: a, right: b, same: isSame(a, b) });
      i++;
      j++;
    } else if (!b || (a && best[i + 1][j] >= best[i][j + 1])) {
      pairs.push({ left: a, right: undefined, same: false });
      i++;
    } else {
      pairs.push({ left: undefined, right: b, same: false });
      j++;
    }
  }
  return pairs;
}
