import { FoveaError } from '../../errors.ts';
import { ModelError, type SpecMend } from '../../model/mend.ts';
import { adapt, type LayerSpec, type ModelDraft, type ModelSpec } from '../../model/spec.ts';
import { type LayerSummary, type ModelSummary, summarize } from '../../model/summary.ts';
import type { EngineMemory } from '../../plan/forecast.ts';
import { forecastEngine } from '../../plan/forecast.ts';
import type { Shape } from '../../shape.ts';
import { defaultsOf } from '../../train/defaults.ts';
import { planDrafts, prepareTraining } from '../../train/prepare.ts';
import type { FoundModel } from '../find-model.ts';
import { normalisationOf, recipeForPlan, specOf } from '../show-model.ts';
import type { StudioHost } from './host.ts';

/** What is wrong with a model, told at the layer where that is known. */
export interface ModelProblem {
  readonly message: string;
  /** In words; '' where none is known. */
  readonly mend: string;
  /** Id of the layer that does not fit. */
  readonly layer: string | undefined;
  readonly option: string | undefined;
  /** Shapes of what the layer reads. */
  readonly incoming: readonly Shape[];
  /** Mends that were tried: `model.mend` applies them. */
  readonly mends: readonly SpecMend[];
}

/** A model as an editor shows it while somebody types. */
export type InspectedModel =
  | {
      readonly fits: true;
      readonly name: string;
      readonly kind: FoundModel['kind'];
      readonly model: ModelSpec;
      readonly summary: ModelSummary;
      /** Of training and validating with `batch` pictures a step, exactly; undefined where it was not asked for. */
      readonly memory: EngineMemory | undefined;
      readonly batch: number;
    }
  | {
      readonly fits: false;
      readonly problem: ModelProblem;
      /** The layers before the one that does not fit. */
      readonly layers: readonly LayerSummary[];
    };

/** Finds out all about a model, or what is wrong with it: a mistake in a model is an answer, no failure. */
export async function inspectModel(
  host: StudioHost,
  found: FoundModel,
  request: { readonly input?: Shape; readonly classes?: number; readonly batch?: number; readonly memory?: boolean },
): Promise<InspectedModel> {
  try {
    const model = specOf(found, request);
    const summary = summarize(model);
    const { optimizer, batch: usual } = defaultsOf(found.name);
    const batch = request.batch ?? found.batch ?? usual;
    let memory: EngineMemory | undefined;
    if (request.memory !== false) {
      const recipe = recipeForPlan(model, found.name, { optimizer, batch, algorithm: found.algorithm ?? 'auto' });
      const drafts = planDrafts(prepareTraining(recipe, normalisationOf(model), { train: batch, val: 2 * batch }));
      const { reserved, threads } = await emptyEngine(host);
      memory =
        reserved &&
        forecastEngine(
          drafts.map(({ plan }) => plan),
          threads,
          reserved,
        );
    }
    return { fits: true, name: found.name, kind: found.kind, model, summary, memory, batch };
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    const problem = problemOf(error);
    return { fits: false, problem, layers: layersBefore(found.model, problem.layer, request) };
  }
}

/** An error of a model as data. */
export function problemOf(error: FoveaError): ModelProblem {
  const { message, mend } = error;
  const words = mend === '' ? message : message.slice(0, -(mend.length + 2));
  if (error instanceof ModelError) {
    const { layer, incoming, mends } = error;
    return { message: words, mend, layer, option: optionIn(message), incoming, mends };
  }
  return {
    message: words,
    mend,
    layer: /layer '([^']*)'/.exec(message)?.[1],
    option: optionIn(message),
    incoming: [],
    mends: [],
  };
}

const optionIn = (message: string): string | undefined => /option '([^']*)'/.exec(message)?.[1];

/** What is known of the layers before a place, by giving them a head of their own. */
function layersBefore(
  model: FoundModel['model'],
  layer: string | undefined,
  { input, classes }: { readonly input?: Shape; readonly classes?: number },
): readonly LayerSummary[] {
  if (typeof model === 'string' || layer === undefined) return [];
  const at = model.layers.findIndex(({ id }) => id === layer);
  const before = model.layers.slice(0, Math.max(0, at));
  if (before.length === 0) return [];
  const shape = input ?? model.input ?? [28, 28, 1];
  const data = { input: shape, classes: classes ?? model.classes ?? 10 };
  const linear = { id: 'studio_head', type: 'linear', features: data.classes };
  const heads: LayerSpec[][] = [[linear], [{ id: 'studio_flat', type: 'flatten' }, linear]];
  for (const head of heads) {
    const draft: ModelDraft = { format: 'fovea-model', version: 1, input: shape, layers: [...before, ...head] };
    try {
      return summarize(adapt(draft, data)).layers.slice(0, before.length);
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
    }
  }
  return [];
}

/** What an engine of this host holds before anything was compiled: read once. */
const empty = new WeakMap<
  object,
  Promise<{ readonly reserved: Parameters<typeof forecastEngine>[2] | undefined; readonly threads: number }>
>();

export function emptyEngine(host: StudioHost) {
  let known = empty.get(host.createEngine);
  if (!known) {
    known = host.createEngine({ threads: host.threads }).then(async (engine) => {
      const { reserved, threads } = engine;
      await engine.dispose();
      return { reserved, threads };
    });
    known.catch(() => empty.delete(host.createEngine));
    empty.set(host.createEngine, known);
  }
  return known;
}
