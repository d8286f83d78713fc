import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layers } from '../../src/core/layers/index.ts';
import { buildModel } from '../../src/core/model/build.ts';
import * as builder from '../../src/core/model/builder.ts';
import { parseShorthand, shorthandOf } from '../../src/core/model/shorthand.ts';
import { adapt, canonicalModel } from '../../src/core/model/spec.ts';
import { typescriptOf } from '../../src/core/model/typescript.ts';
import { anySpec } from './specs.ts';

describe('x', () => {
  it('builds', () => {
    const seen = new Map<string, number>();
    let short = 0,
      graphs = 0,
      n = 0;
    fc.assert(
      fc.property(anySpec, (spec) => {
        buildModel(spec, { training: true, inputType: 'float32' });
        for (const { type } of spec.layers) seen.set(type, (seen.get(type) ?? 0) + 1);
        n++;
        const canonical = canonicalModel(spec);
        const text = typescriptOf(spec);
        if (text.includes('graph((')) graphs++;
        const [, names, body] = /^import \{ (.*) \} from 'fovea';\n\nexport default ([\s\S]*);\n$/.exec(text)!;
        const made = new Function('b', `const { ${names} } = b; return ${body};`)(builder);
        expect(JSON.stringify(made)).toBe(JSON.stringify(canonical));
        const line = shorthandOf(spec);
        if (line !== undefined) {
          short++;
          const { name: _, ...rest } = canonical;
          expect(JSON.stringify(canonicalModel(adapt(parseShorthand(line), spec)))).toBe(JSON.stringify(rest));
        }
      }),
      { numRuns: 500, seed: 1 },
    );
    console.log(
      n,
      short,
      graphs,
      Object.fromEntries(seen),
      layers.filter((l) => !seen.has(l.type)).map((l) => l.type),
    );
  });
});
