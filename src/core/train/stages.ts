import { invalid } from '../errors.ts';
import { findHead } from '../model/head.ts';
import { extendTrunk } from '../model/parts.ts';
import type { ModelSpec } from '../model/spec.ts';
import { suggest } from '../nearest.ts';

/** From an epoch on, which layers learn. */
export interface Stage {
  /** From 1. The first stage begins at 1, each further one later. */
  readonly epoch: number;
  /**
   * Layers up to and including the one of this id, in the model's order, do not learn: they compute as in evaluation, so
   * batch norm keeps its statistics and dropout does nothing. Absent: all learn.
   */
  readonly frozen?: string;
}

/** A stage, its layers counted. */
export interface ResolvedStage {
  readonly epoch: number;
  /** The first so many layers compute the same in each epoch; 0 where all learn. */
  readonly trunk: number;
}

/** By a layer's id, the beginning of such ids (`layer1` for `layer1.0.conv1`), or 'trunk' and 'head'. */
export type RateFactors = Readonly<Record<string, number>>;

/** Layers in the model's order that a name means: the one of that id, or all below it. Empty: none. */
export const layersNamed = (spec: ModelSpec, name: string): number[] =>
  spec.layers.flatMap(({ id }, i) => (isOf(id, name) ? [i] : []));

const isOf = (id: string, name: string): boolean => id === name || id.startsWith(`${name}.`);

/** @throws FoveaError naming the layers that there are. */
export function expectLayers(spec: ModelSpec, name: string, subject: string): number[] {
  const found = layersNamed(spec, name);
  if (found.length > 0) return found;
  const ids = new Set(spec.layers.flatMap(({ id }) => [id, id.split('.')[0]]));
  throw invalid('a layer of the model', subject, name, suggest(name, [...ids]));
}

/**
 * @throws FoveaError when stages are out of order, freeze again what learnt before, name no layer, or leave nothing that
 * learns.
 */
export function resolveStages(spec: ModelSpec, stages: readonly Stage[] = [{ epoch: 1 }]): ResolvedStage[] {
  let before: ResolvedStage | undefined;
  return stages.map(({ epoch, frozen }) => {
    if (before ? epoch <= before.epoch : epoch !== 1) {
      const expected = before ? `an epoch after ${before.epoch}` : 'epoch 1';
      throw invalid(expected, 'a stage of the training', epoch);
    }
    const stage = { epoch, trunk: frozen === undefined ? 0 : trunkUpTo(spec, frozen) };
    if (before && stage.trunk >= before.trunk) {
      throw invalid('fewer frozen layers than before', `the stage from epoch ${epoch}`, frozen ?? 'none');
    }
    before = stage;
    return stage;
  });
}

function trunkUpTo(spec: ModelSpec, frozen: string): number {
  const count = extendTrunk(spec, expectLayers(spec, frozen, 'what is frozen').slice(-1)[0] + 1);
  if (count < spec.layers.length) return count;
  throw invalid('a layer before the last one that learns', 'what is frozen', frozen, 'Nothing would be left to learn');
}

/** The stage that an epoch belongs to. */
export const stageAt = <S extends { readonly epoch: number }>(stages: readonly S[], epoch: number): S =>
  stages.reduce((found, stage) => (stage.epoch <= epoch ? stage : found));

/**
 * The factor of each layer's learning rate, by its id: that of the longest name that means it; 1 where none does.
 * @throws FoveaError for a name that means no layer.
 */
export function rateFactorOf(spec: ModelSpec, factors: RateFactors = {}): (layer: string) => number {
  const names = Object.keys(factors);
  const words = names.filter((name) => (name === 'trunk' || name === 'head') && layersNamed(spec, name).length === 0);
  const layers = names.filter((name) => !words.includes(name)).sort((a, b) => b.length - a.length);
  for (const name of layers) expectLayers(spec, name, 'a factor of the learning rate');
  const head = words.length > 0 ? findHead(spec) : undefined;
  return (layer) => {
    const name = layers.find((one) => isOf(layer, one)) ?? (layer === head ? 'head' : 'trunk');
    return Object.hasOwn(factors, name) ? factors[name] : 1;
  };
}
