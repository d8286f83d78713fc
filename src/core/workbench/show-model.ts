import { buildPreset, presetNamed } from '../model/presets/index.ts';
import { adapt, type ModelSpec } from '../model/spec.ts';
import { type ModelSummary, summarize } from '../model/summary.ts';
import { type EngineMemory, forecastEngine } from '../plan/forecast.ts';
import type { Algorithm } from '../plan/lowering.ts';
import type { Shape } from '../shape.ts';
import { defaultsOf } from '../train/defaults.ts';
import { describeKernels, type ModelKernels } from '../train/describe-kernels.ts';
import { planDrafts, prepareTraining } from '../train/prepare.ts';
import type { Recipe } from '../train/recipe.ts';
import type { Adapters } from './adapters.ts';
import { benchInput } from './bench/presets.ts';
import { type FoundModel, findModel } from './find-model.ts';
import { forecastTime, type TimeForecast } from './forecast-time.ts';

export interface ShowModelRequest {
  /** A preset's name, a JSON file, a run's folder, a model file, or a model in one line. */
  readonly model: string;
  /** [height, width, channels] where the model does not say; default 28x28x1, for photograph presets what `fovea bench` takes. */
  readonly input?: Shape;
  /** Where the model does not say; default 10. */
  readonly classes?: number;
  readonly algorithm?: Algorithm;
  /** Pictures of a training step; default as training would choose, or as the run was trained. */
  readonly batch?: number;
  readonly threads?: number;
  /** Runs a few steps to tell how long training takes here; some seconds. */
  readonly time?: boolean;
}

/** Everything that is known of a model before it is trained. */
export interface ShownModel {
  readonly name: string;
  readonly kind: FoundModel['kind'];
  readonly model: ModelSpec;
  readonly summary: ModelSummary;
  /** Which kernels will run for each layer, why, how exactly they compute, and what training keeps. */
  readonly kernels: ModelKernels;
  /** What the engine takes for training with `kernels.batch` pictures a step, and validation: exactly. */
  readonly memory: EngineMemory | undefined;
  readonly time: TimeForecast | undefined;
}

const usualInput: Shape = [28, 28, 1];

/** @throws FoveaError as `findModel`, and when the layers do not fit each other or the pictures. */
export async function showModel(
  adapters: Adapters,
  request: ShowModelRequest,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<ShownModel> {
  const found = await findModel(adapters.storage, request.model);
  const { name, kind } = found;
  const model = specOf(found, request);
  const algorithm = request.algorithm ?? found.algorithm;
  const batch = request.batch ?? found.batch ?? defaultsOf(name).batch;
  const summary = summarize(model);
  const kernels = describeKernels(model, name, algorithm, batch);
  const { optimizer } = defaultsOf(name);
  const recipe = recipeForPlan(model, name, { optimizer, batch, algorithm });
  const plans = planDrafts(prepareTraining(recipe, normalisationOf(model), { train: batch, val: 2 * batch }));
  const engine = await adapters.createEngine({ threads: request.threads });
  try {
    const { reserved, threads } = engine;
    const memory =
      reserved &&
      forecastEngine(
        plans.map(({ plan }) => plan),
        threads,
        reserved,
      );
    const { clock } = adapters;
    const time = request.time
      ? await forecastTime(engine, model, { optimizer, batch, algorithm }, { clock, signal })
      : undefined;
    return { name, kind, model, summary, kernels, memory, time };
  } finally {
    await engine.dispose();
  }
}

/** A model for pictures: its own, or those that were asked for. */
export function specOf(found: FoundModel, { input, classes }: Pick<ShowModelRequest, 'input' | 'classes'>): ModelSpec {
  const { model } = found;
  if (typeof model === 'string') {
    const { minimumSize } = presetNamed(model);
    const usual = minimumSize > usualInput[0] ? benchInput(model) : usualInput;
    return buildPreset(model, { input: input ?? usual, classes: classes ?? 10 });
  }
  const own = { input: input ?? model.input ?? usualInput, classes: classes ?? model.classes ?? 10 };
  return adapt({ ...model, input: own.input }, own);
}

/** A recipe with which plans can be made: what decides no plan is filled in. */
export function recipeForPlan(
  model: ModelSpec,
  modelName: string,
  chosen: Pick<Recipe, 'optimizer' | 'batch' | 'algorithm'>,
): Recipe {
  return {
    version: 1,
    modelName,
    model,
    learningRate: 0.001,
    schedule: { type: 'cosine' },
    epochs: 1,
    loss: { type: 'softmaxCrossEntropy' },
    augmentation: {},
    seed: 1,
    val: 0,
    ...chosen,
  };
}

/** Pixels as they are: a plan's kernels do not depend on it. */
export const normalisationOf = ({ input: [, , channels] }: ModelSpec): { mean: number[]; std: number[] } => ({
  mean: Array<number>(channels).fill(0),
  std: Array<number>(channels).fill(1),
});
