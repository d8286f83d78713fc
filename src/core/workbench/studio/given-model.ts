import { FoveaError } from '../../errors.ts';
import { presetNamed, presets } from '../../model/presets/index.ts';
import { looksLikeShorthand, parseShorthand } from '../../model/shorthand.ts';
import { type ModelDraft, parseModelDraft, readModelDraft } from '../../model/spec.ts';
import { type FoundModel, findModel } from '../find-model.ts';
import type { StudioContext } from './context.ts';
import { readSavedModel } from './saved-models.ts';

/**
 * A model as a request names it. A text is a preset, `run:NAME`, `model:NAME`, JSON or a line of layers, and never a path.
 * @throws FoveaError naming what is wrong.
 */
export async function givenModel(
  context: StudioContext,
  given: string | Readonly<Record<string, unknown>>,
): Promise<FoundModel> {
  if (typeof given === 'object') return drafted(parseModelDraft(given));
  const text = given.trim();
  if (presets.some(({ name }) => name === text)) return { kind: 'preset', model: text, name: text };
  if (text.startsWith('{')) return drafted(readModelDraft(text, 'the model'));
  const [, kind, name] = /^(run|model):(.*)$/s.exec(text) ?? [];
  if (kind === 'run') return findModel(context.host.storage, await context.runPath(name));
  if (kind === 'model') return { ...drafted((await readSavedModel(context, name)).model), name };
  if (looksLikeShorthand(text)) return { kind: 'shorthand', model: parseShorthand(text), name: 'model' };
  if (text === '') throw new FoveaError('Expected a model but received nothing', 'Choose a preset or add a layer');
  return { kind: 'preset', model: presetNamed(text).name, name: text };
}

const drafted = (model: ModelDraft): FoundModel => ({ kind: 'file', model, name: model.name ?? 'model' });
