import type { CompileOptions } from '../backend/backend.ts';
import type { Graph } from '../graph/graph.ts';
import type { Normalisation } from '../model/build.ts';
import { compilePlan, type Plan } from '../plan/compile.ts';
import { buildEvaluation, buildTraining, type EvaluationGraph, type TrainingGraph } from './programs.ts';
import type { Recipe } from './recipe.ts';

/** A graph and how it is to be compiled. */
export interface Draft {
  readonly graph: Graph;
  readonly options: CompileOptions;
}

/** All graphs of a training, before any engine is asked for anything. */
export interface PreparedTraining {
  /** Pictures of a step; fewer than the recipe says where there are fewer. */
  readonly batch: number;
  /** The largest part of a batch that is computed at a time: the whole, unless the recipe says less. */
  readonly microBatch: number;
  readonly training: TrainingGraph;
  readonly evaluation: EvaluationGraph;
  /** Pictures, losses, gradients, and the update unless it is a program of its own. */
  readonly step: Draft;
  /** The update, where gradients of micro-batches are added up before it. */
  readonly update: Draft | undefined;
  readonly validation: Draft;
}

/** Largest batch in evaluation; a picture's logits do not depend on it. */
const evaluationBatch = 128;

/** 'low' computes cheap values again in the backward pass instead of keeping them: slower, with the same bits. */
export const memoryModes = ['usual', 'low'] as const;
export type MemoryMode = (typeof memoryModes)[number];

/** @param images of the training and validation pictures. @throws FoveaError when shapes do not fit. */
export function prepareTraining(
  recipe: Recipe,
  preprocessing: Normalisation,
  images: { readonly train: number; readonly val: number },
  mode: MemoryMode = 'usual',
): PreparedTraining {
  const { algorithm } = recipe;
  const batch = Math.min(recipe.batch, images.train);
  const microBatch = Math.min(recipe.microBatch ?? batch, batch);
  const training = buildTraining(recipe, preprocessing, {
    accumulates: microBatch < batch,
    recomputes: mode === 'low',
  });
  const evaluation = buildEvaluation(recipe.model, preprocessing);
  const { model, losses, accumulation } = training;
  // Evaluation keeps nothing for a backward pass, so twice the pictures take no more room.
  const validated = Math.min(evaluationBatch, 2 * microBatch, images.val);
  return {
    batch,
    microBatch,
    training,
    evaluation,
    step: { graph: model.graph, options: { capacity: microBatch, outputs: [model.logits, losses], algorithm } },
    update: accumulation && { graph: accumulation.update, options: { capacity: 1, outputs: [], algorithm } },
    validation: {
      graph: evaluation.model.graph,
      options: { capacity: validated, outputs: [evaluation.model.logits, evaluation.losses], algorithm },
    },
  };
}

/**
 * In the order in which they are to be compiled: the largest workspace first, so that the engine reserves it once and
 * never has to enlarge it.
 */
export function planDrafts({ step, update, validation }: PreparedTraining): { draft: Draft; plan: Plan }[] {
  const drafts = [step, ...(update ? [update] : []), validation];
  return drafts
    .map((draft) => ({ draft, plan: compilePlan(draft.graph, draft.options) }))
    .sort((a, b) => b.plan.workspaceBytes - a.plan.workspaceBytes);
}
