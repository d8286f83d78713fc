import type { LayerSpec, ModelDraft } from '../../../core/model/spec.ts';
import { type Box, boxesOf } from '../../../core/workbench/picture/boxes.ts';
import { type Placed, placeBoxes } from '../../../core/workbench/picture/layout.ts';
import type { KnownLayer, ShownModel } from './kinds.ts';

const width = 232;
const mergeWidth = 168;

/** Room for a title, what it is like, and what follows in the same box. */
const heightOf = ({ detail, also }: Box): number => 40 + (detail === '' ? 0 : 16) + (also.length > 0 ? 28 : 0);

/** The boxes of a model and their places, from top to bottom. One that does not fit has a box for each layer. */
export function layOut(draft: ModelDraft, shown: ShownModel): Placed {
  const boxes = shown.fits ? boxesOf(shown.model, shown.summary) : plainBoxes(draft, shown.layers);
  return placeBoxes(boxes, (box) => ({ width: box.family === 'merge' ? mergeWidth : width, height: heightOf(box) }));
}

function plainBoxes(draft: ModelDraft, known: readonly KnownLayer[]): Box[] {
  const facts = new Map(known.map((layer) => [layer.id, layer]));
  const plain = { family: 'other', detail: '', also: [], parameters: 0, macs: 0 } as const;
  const picture: Box = {
    ...plain,
    id: 'input',
    family: 'picture',
    title: 'picture',
    shape: draft.input ?? [],
    layers: [],
    inputs: [],
  };
  const ids = new Set(['input', ...draft.layers.map(({ id }) => id)]);
  const boxOf = ({ id, type, inputs }: LayerSpec, i: number): Box => ({
    ...plain,
    id,
    title: type,
    shape: facts.get(id)?.outputShape ?? [],
    parameters: facts.get(id)?.parameters ?? 0,
    layers: [id],
    inputs: (inputs ?? [i === 0 ? 'input' : draft.layers[i - 1].id]).filter((input) => ids.has(input)),
  });
  return [picture, ...draft.layers.map(boxOf)];
}
