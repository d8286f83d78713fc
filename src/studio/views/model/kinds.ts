import type { ResultOf } from '../../../core/workbench/studio/index.ts';

/** One kind of layer, as the list of layers tells it. */
export type LayerKind = ResultOf<'model.layers'>['layers'][number];
export type ShownModel = ResultOf<'model.show'>;
export type ModelProblem = Extract<ShownModel, { readonly fits: false }>['problem'];
export type KnownLayer = Extract<ShownModel, { readonly fits: true }>['summary']['layers'][number];

export const shapeText = (shape: readonly number[]): string => shape.join(' × ');
