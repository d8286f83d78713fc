import { z } from 'zod';
import { layers } from '../../../layers/index.ts';
import { buildModel } from '../../../model/build.ts';
import { canonicalModel, openModel } from '../../../model/canonical.ts';
import { applyMend, type SpecChange } from '../../../model/mend.ts';
import { presets } from '../../../model/presets/index.ts';
import { shorthandOf } from '../../../model/shorthand.ts';
import { fillHead, type LayerSpec, type ModelDraft } from '../../../model/spec.ts';
import { typescriptOf } from '../../../model/typescript.ts';
import { specOf } from '../../show-model.ts';
import { givenModel } from '../given-model.ts';
import { inspectModel } from '../inspect-model.ts';
import { pytorchOf } from '../pytorch-source.ts';
import { listSavedModels, readSavedModel, saveModel } from '../saved-models.ts';
import { query } from '../verb.ts';
import { inputShape, modelText } from './shapes.ts';

const forData = { model: modelText, input: inputShape.optional(), classes: z.int().min(2).max(100_000).optional() };

/** As `SpecChange` says. */
const change = z.custom<SpecChange>((value) => typeof value === 'object' && value !== null && 'change' in value);

export const modelVerbs = {
  'model.presets': query({
    doc: 'Networks that are known by name.',
    request: z.object({}),
    run: async () => ({ presets: presets.map(({ name, doc, minimumSize }) => ({ name, doc, minimumSize })) }),
  }),

  'model.layers': query({
    doc: 'The kinds of layers, with the options of each: types, ranges, defaults, what they do. Forms come from it.',
    request: z.object({}),
    run: async () => ({
      layers: layers.map(
        ({ type, idPrefix, doc, options, inputs, aliases = [], positional = [], probabilities = false }) => ({
          type,
          idPrefix,
          doc,
          options,
          inputs,
          aliases,
          positional,
          probabilities,
        }),
      ),
    }),
  }),

  'model.show': query({
    doc: 'A model layer by layer: shapes, parameters, multiply-adds, receptive fields, memory; or what does not fit, where, and mends.',
    request: z.object({
      ...forData,
      batch: z.int().min(1).max(65536).optional(),
      /** False: without the memory, which takes longest to tell. */
      memory: z.boolean().optional(),
    }),
    run: async (context, { model, ...request }) =>
      inspectModel(context.host, await givenModel(context, model), request),
  }),

  'model.draft': query({
    doc: 'A model as JSON that can be edited, with an id for each layer; what its data decide is left open.',
    request: z.object(forData),
    async run(context, { model, ...request }) {
      const found = await givenModel(context, model);
      if (typeof found.model === 'object') return { name: found.name, draft: canonicalModel(found.model) };
      return { name: found.name, draft: openModel(specOf(found, request), { input: true, classes: true }) };
    },
  }),

  'model.write': query({
    doc: 'A model as a text to copy.',
    request: z.object({ ...forData, form: z.enum(['json', 'typescript', 'shorthand', 'pytorch']) }),
    async run(context, { model, form, ...request }) {
      const found = await givenModel(context, model);
      const spec = specOf(found, request);
      buildModel(spec, { training: true, inputType: 'uint8' });
      if (form === 'pytorch') return { text: pytorchOf(spec) as string | undefined };
      const said: Pick<ModelDraft, 'input' | 'classes'> = typeof found.model === 'object' ? found.model : {};
      const open = openModel(spec, {
        input: (request.input ?? said.input) === undefined,
        classes: (request.classes ?? said.classes) === undefined,
      });
      if (form === 'shorthand') return { text: shorthandOf(open) };
      return { text: form === 'typescript' ? typescriptOf(open) : JSON.stringify(open, undefined, 2) };
    },
  }),

  'model.mend': query({
    doc: 'A model after a mend that `model.show` proposed, or any other changes.',
    request: z.object({ model: modelText, changes: z.array(change).min(1).max(1000) }),
    async run(context, { model, changes }) {
      const found = await givenModel(context, model);
      const draft =
        typeof found.model === 'object' ? found.model : openModel(specOf(found, {}), { input: true, classes: true });
      // A last linear whose features the data decide is given some while it is mended.
      const isOpen = draft.layers.at(-1)?.type === 'linear' && draft.layers.at(-1)?.features === undefined;
      const mended = applyMend(fillHead(draft.layers, draft.classes ?? 10) as readonly LayerSpec[], changes);
      const last = mended.at(-1);
      if (!isOpen || last?.type !== 'linear') return { draft: { ...draft, layers: mended } };
      const { features: _, ...open } = last;
      return { draft: { ...draft, layers: mended.with(-1, open as LayerSpec) } };
    },
  }),

  'model.saved': query({
    doc: 'Models that were saved under a name.',
    request: z.object({}),
    run: async (context) => ({ names: await listSavedModels(context) }),
  }),

  'model.read': query({
    doc: 'A model that was saved, and the version that a later save must name.',
    request: z.object({ name: z.string().max(100) }),
    run: (context, { name }) => readSavedModel(context, name),
  }),

  'model.save': query({
    doc: 'Saves a model under a name; refused where somebody else changed it meanwhile.',
    request: z.object({
      name: z.string().max(100),
      model: modelText,
      /** The version that was opened; absent for a new one. */
      before: z.string().max(100).optional(),
    }),
    async run(context, { name, model, before }) {
      const found = await givenModel(context, model);
      const draft =
        typeof found.model === 'object' ? found.model : openModel(specOf(found, {}), { input: true, classes: true });
      return saveModel(context, name, draft, before);
    },
  }),
};
