import { describe, expect, it } from 'vitest';
import { canonicalModel } from '../../../core/model/canonical.ts';
import { buildPreset, presets } from '../../../core/model/presets/index.ts';
import { parseModelDraft } from '../../../core/model/spec.ts';
import { addLayer, freeId, moveLayer, removeLayer, renameLayer, setOption } from './edit.ts';

const draftOf = (preset: string) => canonicalModel(buildPreset(preset, { input: [32, 32, 3], classes: 10 }));

describe('editing a draft by hand', () => {
  it('every layer of every small preset can be taken out and a relu put after it, references in order', () => {
    for (const { name } of presets.filter(({ minimumSize }) => minimumSize <= 28).slice(0, 8)) {
      const draft = draftOf(name);
      for (const { id } of draft.layers.slice(0, 12)) {
        const added = addLayer(draft, id, { id: freeId(draft, 'new'), type: 'relu' });
        expect(() => parseModelDraft(added), `${name}, ${id}`).not.toThrow();
        expect(removeLayer(added, 'new1').layers.map((layer) => layer.id)).toEqual(
          draft.layers.map((layer) => layer.id),
        );
        expect(canonicalModel(removeLayer(added, 'new1'))).toEqual(draft);
      }
    }
  });

  it('renames wherever an id is read', () => {
    const renamed = renameLayer(draftOf('resnet20'), 'conv1', 'stem');
    expect(JSON.stringify(renamed)).not.toContain('"conv1"');
    expect(() => parseModelDraft(renamed)).not.toThrow();
  });

  it('moves along a chain, and nowhere where branches meet', () => {
    const draft = draftOf('mnist-cnn');
    const [first, second] = draft.layers;
    const moved = moveLayer(draft, first.id, 1);
    expect(moved?.layers.slice(0, 2).map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(moved && canonicalModel(moveLayer(moved, first.id, -1)!)).toEqual(draft);
    expect(moveLayer(draft, first.id, -1)).toBeUndefined();
    const residual = draftOf('resnet20');
    const add = residual.layers.find(({ type }) => type === 'add')!;
    expect(moveLayer(residual, add.id, -1)).toBeUndefined();
  });

  it('an option that is taken away is gone', () => {
    const draft = draftOf('mnist-cnn');
    const [{ id }] = draft.layers;
    expect(setOption(draft, id, 'bias', false).layers[0].bias).toBe(false);
    expect(setOption(setOption(draft, id, 'bias', false), id, 'bias', undefined).layers[0]).not.toHaveProperty('bias');
  });
});
