import type { Engine } from '../backend/backend.ts';
import { invalid } from '../errors.ts';
import { initializeWeights, loadSomeWeights, loadWeights, saveWeights } from '../model/weights.ts';
import { whitenWeights } from '../model/whitening.ts';
import { firstNonFinite } from './non-finite.ts';
import type { PreparedTraining } from './prepare.ts';
import { initialState, type Snapshot } from './state.ts';
import type { TrainingJob } from './training-job.ts';

/** Weights from the seed or from elsewhere, an optimizer that remembers nothing. */
export function beginWeights(
  {
    engine,
    recipe,
    train,
    preprocessing,
    weights,
  }: Pick<TrainingJob, 'engine' | 'recipe' | 'train' | 'preprocessing' | 'weights'>,
  {
    evaluation,
    training,
  }: Pick<PreparedTraining, 'evaluation'> & { readonly training: Pick<PreparedTraining['training'], 'stateNames'> },
): Snapshot {
  const { parameters } = evaluation.model;
  initializeWeights(engine, parameters, recipe.seed);
  whitenWeights(engine, parameters, train, preprocessing);
  if (weights) loadSomeWeights(engine, parameters, weights);
  const optimizer = new Map(training.stateNames.map((name) => [name, engine.readPersistent(name).fill(0)]));
  return { state: initialState(), weights: saveWeights(engine, parameters), optimizer };
}

/** Writes a snapshot's weights and optimizer into the engine. @throws FoveaError when they are of another model. */
export function restoreHeld(
  engine: Engine,
  { weights, optimizer }: Snapshot,
  { evaluation }: PreparedTraining,
  stateNames: readonly string[],
): void {
  loadWeights(engine, evaluation.model.parameters, weights, 'the training state');
  for (const name of stateNames) {
    const data = optimizer.get(name);
    const wanted = engine.readPersistent(name).length;
    if (data?.length !== wanted) {
      throw invalid(`${wanted} numbers`, `optimizer state '${name}' in the training state`, data?.length);
    }
    engine.writePersistent(name, data);
  }
}

/** Where another stage begins, what learns only from now on has no memory yet. */
export function forgetNew(engine: Engine, before: readonly string[], now: readonly string[]): void {
  for (const name of now) {
    if (!before.includes(name)) engine.writePersistent(name, engine.readPersistent(name).fill(0));
  }
}

/** Name of the first tensor with a NaN or an infinity. */
export function spoiltTensor(weights: Snapshot['weights']): string | undefined {
  for (const [name, { data }] of weights) if (firstNonFinite(data) >= 0) return name;
  return undefined;
}
