import { expect } from 'vitest';
import { buildModel } from '../../src/core/model/build.ts';
import type { LayerField } from '../../src/core/model/receptive-field.ts';
import type { ModelSpec } from '../../src/core/model/spec.ts';
import { fieldsOf, summarize } from '../../src/core/model/summary.ts';
import { bareModel, gradientSupports, type Support } from './gradient-support.ts';

/** What a layer says that a position sees. */
function told({ axes }: LayerField, [row, column]: readonly [number, number]): Support {
  const at = (axis: 0 | 1, i: number) => axes[axis].spans[Math.min(i, axes[axis].spans.length - 1)];
  const [rows, columns] = [at(0, row), at(1, column)];
  return rows[0] > rows[1] || columns[0] > columns[1] ? undefined : { rows, columns };
}

/**
 * Compares what the layers say that they see with where the gradient really goes: the position in the middle, the first
 * and the last, of `most` layers spread over the model. @returns how many layers were compared.
 */
export function checkFields(spec: ModelSpec, most: number): number {
  const model = buildModel(spec, { training: false, inputType: 'float32' });
  const fields = fieldsOf(model, spec.input);
  const summary = new Map(summarize(spec).layers.map((layer) => [layer.id, layer.receptiveField]));
  const bare = bareModel(spec);
  const kept = new Set(bare.layers.map(({ id }) => id));
  const maps = model.layers.filter(({ id, output }) => kept.has(id) && output.shape.length === 3);
  const every = Math.max(1, maps.length / most);
  const chosen = maps.filter((_, i) => Math.floor(i / every) !== Math.floor((i - 1) / every) || i === maps.length - 1);
  for (const { id, output } of [...chosen, model.layers[model.layers.length - 1]]) {
    const [height, width] = output.shape.length === 3 ? output.shape : [1, 1];
    const middle = [Math.floor((height - 1) / 2), Math.floor((width - 1) / 2)] as const;
    const positions = [middle, [0, 0], [height - 1, width - 1]] as const;
    const supports = gradientSupports(bare, id, positions);
    positions.forEach((position, k) => {
      expect(supports[k], `${id} at ${position}`).toEqual(told(fields.get(id) as LayerField, position));
    });
    const { size, visible, clipped } = summary.get(id)!;
    if (supports[0]) expect(visible, `${id}, as told`).toEqual(supports[0]);
    const seen = [visible.rows, visible.columns].map(([low, high]) => high - low + 1);
    expect(clipped, `${id} clipped`).toBe(seen[0] < size[0] || seen[1] < size[1]);
  }
  return chosen.length + 1;
}
