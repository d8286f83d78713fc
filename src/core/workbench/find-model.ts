import { presetNamed, presets } from '../model/presets/index.ts';
import { looksLikeShorthand, parseShorthand } from '../model/shorthand.ts';
import { type ModelDraft, readModelDraft } from '../model/spec.ts';
import type { Algorithm } from '../plan/lowering.ts';
import { openRunFolder } from './run-folder.ts';
import { readText, type Storage } from './storage.ts';

/** A model that somebody named, and where it was found. */
export interface FoundModel {
  readonly kind: 'preset' | 'shorthand' | 'file' | 'run' | 'classifier';
  /** A preset's name, or the model itself. */
  readonly model: string | ModelDraft;
  /** What it is called: of a preset, file or run the name, of a shorthand 'model'. */
  readonly name: string;
  /** As its run was trained. */
  readonly algorithm?: Algorithm;
  readonly batch?: number;
}

/**
 * Finds a model by what a person writes: a preset's name, a JSON file, a run's folder, a model file (.safetensors), or the
 * model itself in one line.
 *
 * @throws FoveaError naming what is wrong, or the nearest preset.
 */
export async function findModel(storage: Storage, text: string): Promise<FoundModel> {
  if (presets.some(({ name }) => name === text)) return { kind: 'preset', model: text, name: text };
  const kind = looksLikeFile(text) ? await storage.kind(text) : undefined;
  if (kind === 'folder') {
    const { recipe } = await openRunFolder(storage, text).readDescription();
    const { model, modelName, algorithm, batch } = recipe;
    return { kind: 'run', model, name: modelName, algorithm, batch };
  }
  if (kind === 'file' && /\.safetensors$/i.test(text)) {
    const { readClassifier } = await import('../classifier/file.ts');
    const { model, algorithm, origin } = readClassifier(await storage.read(text), text);
    const { modelName } = (origin.recipe ?? {}) as { modelName?: unknown };
    return { kind: 'classifier', model, name: typeof modelName === 'string' ? modelName : 'model', algorithm };
  }
  if (kind === 'file' || /\.json$/i.test(text)) {
    const model = readModelDraft(await readText(storage, text), `file '${text}'`);
    return { kind: 'file', model, name: model.name ?? 'model' };
  }
  if (looksLikeShorthand(text)) return { kind: 'shorthand', model: parseShorthand(text), name: 'model' };
  return { kind: 'preset', model: presetNamed(text).name, name: text };
}

/** Whether what a person wrote names a file or a folder that is there, rather than a preset, a line of layers or an address. */
export async function namesFile(storage: Storage, text: string): Promise<boolean> {
  if (presets.some(({ name }) => name === text) || !looksLikeFile(text)) return false;
  return (await storage.kind(text)) !== undefined;
}

/** A long line of layers is no path; a short one could be, and there may even be such a file. */
const looksLikeFile = (text: string): boolean => text.length <= 200 || /[^,|(]*[/\\][^,|(]*$/.test(text);
