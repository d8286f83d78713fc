import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { FoveaError } from '../../src/core/errors.ts';
import { layers } from '../../src/core/layers/index.ts';
import { buildModel } from '../../src/core/model/build.ts';
import { applyMend, ModelError } from '../../src/core/model/mend.ts';
import { parseShorthand } from '../../src/core/model/shorthand.ts';
import { adapt, type ModelSpec, parseModelDraft, parseModelSpec } from '../../src/core/model/spec.ts';
import { createEngine } from '../../src/node/engine.ts';
import { brokenSpec } from './broken-specs.ts';
import { checkForms, runSpec } from './run-spec.ts';
import { anySpec } from './specs.ts';

/** The full numbers run in tests/acceptance. */
const some = Number(process.env.FOVEA_SPECS ?? 100);

describe('models by chance', () => {
  const seen = new Set<string>();
  let lines = 0;
  let models = 0;

  it('say the same as JSON, TypeScript and in one line', () => {
    fc.assert(
      fc.property(anySpec, (spec) => {
        for (const { type } of spec.layers) seen.add(type);
        models++;
        if (checkForms(spec) !== undefined) lines++;
      }),
      { numRuns: 3 * some },
    );
    // Only nets that branches cannot say, and windows such as [3, 3], have no line.
    expect(lines).toBeGreaterThan(models / 2);
    // A few hundred models may lack a layer by chance.
    if (models >= 2000) expect(layers.map(({ type }) => type).filter((type) => !seen.has(type))).toEqual([]);
  });

  it('build, are summarised, and run forward and backward', async () => {
    let engine = await createEngine({ inline: true });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(anySpec, async (spec) => {
        // Values keep their names in an engine, so that each model has one of its own.
        await engine.dispose();
        engine = await createEngine({ inline: true });
        await runSpec(engine, spec);
        count++;
      }),
      { numRuns: some },
    );
    afterAll(() => engine.dispose());
    expect(count).toBeGreaterThanOrEqual(some);
  });
});

describe('broken models', () => {
  it('are refused in our form, with mends that really help', () => {
    let refused = 0;
    let mended = 0;
    fc.assert(
      fc.property(brokenSpec, (given) => {
        try {
          const spec = parseModelSpec(given, 'a.json');
          buildModel(spec, { training: true, inputType: 'uint8' });
        } catch (error) {
          if (!(error instanceof FoveaError)) throw error;
          expect(error.message).toMatch(/^Expected .* but received /s);
          expect(error.message.length).toBeLessThan(1500);
          refused++;
          if (error instanceof ModelError) mended += checkMends(given as ModelSpec, error);
        }
      }),
      { numRuns: 5 * some },
    );
    expect(refused).toBeGreaterThan(2 * some);
    expect(mended).toBeGreaterThan(some / 10);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('as drafts, too', () => {
    fc.assert(
      fc.property(brokenSpec, (given) => {
        expectOurForm(() => adapt(parseModelDraft(given), { input: [8, 8, 3], classes: 3 }));
      }),
      { numRuns: 2 * some },
    );
  });

  it('in one line, too', () => {
    const words = [
      'conv',
      'pool',
      'flatten',
      'linear',
      'residual',
      'add',
      '3x3',
      '8',
      'same',
      'id=a',
      ',',
      '(',
      ')',
      '|',
      '3*(',
      'bn',
      'x=',
      '=',
      '\u0000',
      '1e9',
      '𝒳',
    ];
    fc.assert(
      fc.property(
        fc.noBias(fc.array(fc.constantFrom(...words), { maxLength: 14 })),
        fc.constantFrom(' ', ''),
        (list, gap) => {
          expectOurForm(() => adapt(parseShorthand(list.join(gap)), { input: [8, 8, 3], classes: 3 }));
        },
      ),
      { numRuns: 5 * some },
    );
  });
});

function expectOurForm(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    expect(error.message).toMatch(/^Expected .* but received /s);
  }
}

/** Every mend as data gives a model that fits, or one whose first mistake stands elsewhere. */
function checkMends(spec: ModelSpec, { mends, mend, layer, message }: ModelError): number {
  for (const { changes, complete } of mends) {
    const mended = { ...spec, layers: applyMend(spec.layers, changes) };
    try {
      buildModel(parseModelSpec(mended), { training: true, inputType: 'uint8' });
      expect(complete).toBe(true);
    } catch (error) {
      expect(error).toBeInstanceOf(ModelError);
      expect(complete).toBe(false);
      // The same layer can be the last, whose logits are wrong once it is reached.
      const next = error as ModelError;
      if (next.layer === layer) expect(next.message.replace(next.mend, '')).not.toBe(message.replace(mend, ''));
    }
  }
  return mends.length;
}
