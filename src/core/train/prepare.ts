import type { CompileOptions } from '../backend/backend.ts';
import { batchCount } from '../dataset/batches.ts';
import type { Graph } from '../graph/graph.ts';
import type { Normalisation } from '../model/build.ts';
import { type BuiltTrunk, buildTrunk } from '../model/parts.ts';
import { compilePlan, type Plan } from '../plan/compile.ts';
import {
  buildEvaluation,
  buildRestEvaluation,
  buildTraining,
  type EvaluationGraph,
  type RestEvaluation,
  type TrainingGraph,
} from './programs.ts';
import type { Recipe } from './recipe.ts';
import { resolveStages } from './stages.ts';
import { buildWatched, type WatchedModel } from './watched-model.ts';

/** A graph and how it is to be compiled. */
export interface Draft {
  readonly graph: Graph;
  readonly options: CompileOptions;
}

/** The graphs of one stage: of the epochs in which the same layers learn. */
export interface PreparedStage {
  /** Its first epoch, from 1. */
  readonly epoch: number;
  /** Pictures of a step; fewer than the recipe says where there are fewer. */
  readonly batch: number;
  /** The largest part of a batch that is computed at a time: the whole, unless the recipe says less. */
  readonly microBatch: number;
  /** Steps of an epoch. */
  readonly steps: number;
  readonly training: TrainingGraph;
  /** Pictures (or features), losses, gradients, and the update unless it is a program of its own. */
  readonly step: Draft;
  /** The update, where gradients of micro-batches are added up before it. */
  readonly update: Draft | undefined;
  /** Set where layers are frozen: they run by themselves, and validation goes in the same two parts. */
  readonly frozen: PreparedTrunk | undefined;
}

export interface PreparedTrunk {
  readonly trunk: BuiltTrunk;
  readonly features: Draft;
  readonly rest: RestEvaluation;
  readonly validation: Draft;
}

/** All graphs of a training, before any engine is asked for anything; those of its first stage, and of all. */
export interface PreparedTraining extends PreparedStage {
  readonly stages: readonly PreparedStage[];
  /** Of the whole model. */
  readonly evaluation: EvaluationGraph;
  /** Absent where some layers are frozen throughout. */
  readonly validation: Draft | undefined;
  /** For a look at the layers; absent where some are frozen throughout. */
  readonly watched: WatchedModel | undefined;
}

/** Largest batch in evaluation; a picture's logits do not depend on it. */
const evaluationBatch = 128;

/** 'low' computes cheap values again in the backward pass instead of keeping them: slower, with the same bits. */
export const memoryModes = ['usual', 'low'] as const;
export type MemoryMode = (typeof memoryModes)[number];

/**
 * Steps in an epoch. A last batch of a single picture is left out: batch norm has no variance to learn from one. The
 * order differs in every epoch, so no picture stays unseen.
 */
export function stepsPerEpoch(images: number, batch: number): number {
  const steps = batchCount(images, batch);
  return batch > 1 && steps > 1 && images % batch === 1 ? steps - 1 : steps;
}

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
  const sizes = { batch, microBatch, steps: stepsPerEpoch(images.train, batch) };
  // Evaluation keeps nothing for a backward pass, so twice the pictures take no more room.
  const validated = Math.min(evaluationBatch, 2 * microBatch, images.val);
  const validationOf = ({ model, losses }: EvaluationGraph): Draft => ({
    graph: model.graph,
    options: { capacity: validated, outputs: [model.logits, losses], algorithm },
  });
  const prepareTrunk = (count: number): PreparedTrunk => {
    const trunk = buildTrunk(recipe.model, count, preprocessing);
    const rest = buildRestEvaluation(recipe.model, count, trunk);
    const capacity = Math.max(validated, microBatch);
    const outputs = [...new Set(trunk.features.values())];
    const features = { graph: trunk.graph, options: { capacity, outputs, algorithm } };
    return { trunk, features, rest, validation: validationOf(rest) };
  };
  const stages = resolveStages(recipe.model, recipe.stages).map(({ epoch, trunk: count }, stage): PreparedStage => {
    const frozen = count > 0 ? prepareTrunk(count) : undefined;
    const options = { accumulates: microBatch < batch, recomputes: mode === 'low', stage, trunk: frozen?.trunk };
    const training = buildTraining(recipe, preprocessing, options);
    const { model, losses, accumulation } = training;
    return {
      epoch,
      ...sizes,
      training,
      step: { graph: model.graph, options: { capacity: microBatch, outputs: [model.logits, losses], algorithm } },
      update: accumulation && { graph: accumulation.update, options: { capacity: 1, outputs: [], algorithm } },
      frozen,
    };
  });
  const evaluation = buildEvaluation(recipe.model, preprocessing);
  const whole = stages.some(({ frozen }) => !frozen);
  const watched = whole ? buildWatched(recipe, preprocessing, { microBatch, images: images.train }) : undefined;
  return { ...stages[0], stages, evaluation, validation: whole ? validationOf(evaluation) : undefined, watched };
}

/**
 * In the order in which they are to be compiled: the largest workspace first, so that the engine reserves it once and
 * never has to enlarge it.
 */
export function planDrafts({ stages, validation, watched }: PreparedTraining): { draft: Draft; plan: Plan }[] {
  const drafts = stages.flatMap(({ step, update, frozen }) => [step, update, frozen?.features, frozen?.validation]);
  return [...drafts, validation, watched?.draft]
    .filter((draft) => draft !== undefined)
    .map((draft) => ({ draft, plan: compilePlan(draft.graph, draft.options) }))
    .sort((a, b) => b.plan.workspaceBytes - a.plan.workspaceBytes);
}
