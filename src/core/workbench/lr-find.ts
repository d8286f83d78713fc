import { type FoundRate, findLearningRate } from '../train/find-learning-rate.ts';
import { checkMemory } from '../train/forecast.ts';
import type { Adapters } from './adapters.ts';
import { chooseForData } from './choose-training.ts';
import type { TrainRequest } from './train-request.ts';
import type { VerbOptions } from './verb.ts';
import { withEngine } from './with-engine.ts';

export interface LrFindRequest extends Omit<TrainRequest, 'resume' | 'out' | 'epochs' | 'learningRate' | 'saveEvery'> {
  readonly data: string;
  /** Steps of the ramp. Default 100. */
  readonly steps?: number;
  /** Its first and last learning rate. Default 0.000001 and 10. */
  readonly from?: number;
  readonly to?: number;
}

export interface LrFindOutcome extends FoundRate {
  readonly data: string;
  readonly model: string;
  readonly optimizer: string;
  readonly batch: number;
  readonly steps: number;
}

/** Raises the learning rate step by step and says where the loss falls most steeply. Nothing is written. */
export async function findRate(
  adapters: Adapters,
  request: LrFindRequest,
  options: VerbOptions = {},
): Promise<LrFindOutcome> {
  const { steps = 100, from = 1e-6, to = 10, threads, memory, ...given } = request;
  const { train, val, recipe, preprocessing, source, matched } = await chooseForData(
    adapters,
    { ...given, epochs: 1 },
    options,
  );
  return withEngine(adapters, threads, async (engine) => {
    checkMemory({ engine, recipe, train, val, preprocessing, machineMemory: adapters.machineMemory, mode: memory });
    const found = await findLearningRate({
      ...{ engine, recipe, train, preprocessing, weights: matched?.weights, steps, from, to },
      signal: options.signal,
      onStep: (_, done) => options.onEvent?.({ kind: 'reading', done, total: steps }),
    });
    const { modelName: model, optimizer, batch } = recipe;
    return { data: source.name, model, optimizer: optimizer.type, batch, steps, ...found };
  });
}
