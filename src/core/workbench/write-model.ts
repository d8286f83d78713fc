import { buildModel } from '../model/build.ts';
import { openModel } from '../model/canonical.ts';
import { shorthandOf } from '../model/shorthand.ts';
import type { ModelDraft } from '../model/spec.ts';
import { typescriptOf } from '../model/typescript.ts';
import type { Adapters } from './adapters.ts';
import { findModel } from './find-model.ts';
import { type ShowModelRequest, specOf } from './show-model.ts';

/** The forms in which a model can be written down. */
export const modelForms = ['json', 'typescript', 'shorthand'] as const;
export type ModelForm = (typeof modelForms)[number];

export interface WrittenModel {
  readonly model: ModelDraft;
  /** Undefined where one line cannot say it. */
  readonly text: string | undefined;
}

/**
 * A model alone, as a text. What nobody said, neither the model nor the request, is left to the data that it will be
 * trained on: the pictures' size, the number of classes.
 *
 * @throws FoveaError as `findModel`, and when the layers do not fit each other.
 */
export async function writeModel(
  { storage }: Adapters,
  request: Pick<ShowModelRequest, 'model' | 'input' | 'classes'>,
  form: ModelForm,
): Promise<WrittenModel> {
  const found = await findModel(storage, request.model);
  const spec = specOf(found, request);
  buildModel(spec, { training: true, inputType: 'uint8' });
  const said: Pick<ModelDraft, 'input' | 'classes'> = typeof found.model === 'object' ? found.model : {};
  const model = openModel(spec, {
    input: (request.input ?? said.input) === undefined,
    classes: (request.classes ?? said.classes) === undefined,
  });
  if (form === 'shorthand') return { model, text: shorthandOf(model) };
  return { model, text: form === 'typescript' ? typescriptOf(model) : JSON.stringify(model, undefined, 2) };
}
