import { FoveaError, invalid, mismatch } from '../../errors.ts';
import { canonicalModel } from '../../model/canonical.ts';
import { type ModelDraft, readModelDraft } from '../../model/spec.ts';
import { suggest } from '../../nearest.ts';
import { readText } from '../storage.ts';
import type { StudioContext } from './context.ts';

/** A model that somebody saved under a name. */
export interface SavedModel {
  readonly name: string;
  readonly model: ModelDraft;
  /** Tells this text from every other: who saves says which one he began with. */
  readonly version: string;
}

type Where = Pick<StudioContext, 'host' | 'places'>;

const fileOf = ({ host, places }: Where, name: string): string => host.storage.join(places.models, `${name}.json`);

export async function listSavedModels({ host, places }: Where): Promise<string[]> {
  return (await host.storage.list(places.models)).flatMap((name) =>
    name.endsWith('.json') ? [name.slice(0, -5)] : [],
  );
}

/** @throws FoveaError for a name that none has. */
export async function readSavedModel(where: Where, name: string): Promise<SavedModel> {
  const names = await listSavedModels(where);
  if (!names.includes(name)) throw mismatch('a model that was saved', 'the model', `'${name}'`, suggest(name, names));
  const text = await readText(where.host.storage, fileOf(where, name));
  return { name, model: readModelDraft(text, `the saved model '${name}'`), version: await versionOf(text) };
}

/**
 * Saves a model. @param before the version that it was made from; undefined for a new one.
 * @throws FoveaError when somebody else saved another one meanwhile: nothing is written then.
 */
export async function saveModel(
  where: Where,
  name: string,
  model: ModelDraft,
  before: string | undefined,
): Promise<SavedModel> {
  if (!/^[a-z0-9][a-z0-9 _-]{0,59}$/i.test(name)) {
    throw invalid('1 to 60 letters, digits, spaces and dashes', "the model's name", name);
  }
  const { storage } = where.host;
  const text = `${JSON.stringify(canonicalModel(model), null, 2)}\n`;
  const known = (await listSavedModels(where)).includes(name) ? await readSavedModel(where, name) : undefined;
  const version = await versionOf(text);
  if (known && known.version !== before && known.version !== version) {
    throw new FoveaError(
      `The model '${name}' was changed elsewhere meanwhile`,
      'Save yours under another name, or open the other one first',
    );
  }
  await storage.makeFolder(where.places.models);
  await storage.write(fileOf(where, name), text);
  return { name, model, version };
}

async function versionOf(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return [...digest.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
