import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { layers } from '../../src/core/layers/index.ts';
import type { Option } from '../../src/core/layers/layer.ts';
import { canonicalModel } from '../../src/core/model/canonical.ts';
import { parseShorthand, shorthandOf } from '../../src/core/model/shorthand.ts';
import type { ModelDraft } from '../../src/core/model/spec.ts';
import { typescriptOf } from '../../src/core/model/typescript.ts';
import { runTypescript } from '../property/run-spec.ts';

/** A value that is not the default. */
function other(option: Option): unknown {
  const { type, choices = [], minimum, maximum } = option;
  if (type === 'boolean') return option.default !== true;
  if (type === 'choice') return choices.find((choice) => choice !== option.default);
  if (type === 'size') return [2, 3];
  if (type === 'padding') return 'same';
  const value = Math.max(minimum ?? 0, Math.min(maximum ?? 2, 2));
  return type === 'numbers' ? [value] : type === 'number' ? value / 2 : value;
}

/** A layer says the same in every form because it is listed: with what it must have, with all that it can, under a name. */
describe('every layer in every form', () => {
  it.each(layers.map((layer) => [layer.type, layer] as const))('%s', (type, { options, inputs }) => {
    const all = Object.entries(options);
    const needed = all.filter(([, option]) => option.default === undefined && !option.optional);
    for (const chosen of [needed, all, ...all.map((entry) => [...new Set([...needed, entry])])]) {
      const values = Object.fromEntries(chosen.map(([name, option]) => [name, other(option)]));
      const side = { id: 'side', type: 'conv2d', channels: 3, kernelSize: 1 };
      const model: ModelDraft = {
        ...{ format: 'fovea-model', version: 1 },
        layers: [
          ...(inputs === 1 ? [] : [side]),
          { id: 'one', type, ...(inputs === 1 ? {} : { inputs: ['side', 'input'] }), ...values },
          { id: 'flatten1', type: 'flatten' },
          { id: 'fc1', type: 'linear' },
        ],
      };
      const canonical = JSON.stringify(canonicalModel(model));
      expect(JSON.stringify(canonicalModel(runTypescript(typescriptOf(model))))).toBe(canonical);
      const line = shorthandOf(model);
      expect(line).toBeDefined();
      expect(JSON.stringify(canonicalModel(parseShorthand(line as string)))).toBe(canonical);
    }
  });
});

it('docs/models-spec.md has every short name', () => {
  const page = readFileSync(new URL('../../docs/models-spec.md', import.meta.url), 'utf8');
  for (const alias of layers.flatMap(({ aliases = [] }) => aliases)) expect(page).toContain(`\`${alias}\``);
});
