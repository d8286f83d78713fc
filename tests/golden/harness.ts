import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/core/backend/backend.ts';
import { readFamily } from './files.ts';
import { families, OpCase } from './opCases.ts';
import { runOptimizerCase } from './optimizerCases.ts';

/** Input gradients that the data's README calls ill-conditioned. */
const illConditioned: Readonly<Record<string, readonly string[]>> = {
  batch_norm: ['train_constant_channel', 'train_large_mean'],
};
const LOOSE = 16;

/** How many cases PyTorch's files hold: a lost case fails. */
const OP_CASES = 109;
const OPTIMIZER_CASES = 17;

/** Runs every op, loss and optimizer case of the goldens on an engine. */
export function runGoldenCases(describeName: string, makeEngine: () => Engine | Promise<Engine>): void {
  describe(describeName, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await makeEngine();
    });
    afterAll(async () => {
      await engine?.dispose();
    });

    let count = 0;
    for (const [name, build] of Object.entries(families)) {
      const family = readFamily(name);
      count += family.cases.length;
      describe(name, () => {
        for (const golden of family.cases) {
          it(golden.name, async () => {
            const opCase = new OpCase(family, golden);
            build(opCase);
            expect(opCase.unused()).toEqual([]);
            const loose = illConditioned[name]?.includes(golden.name) ?? false;
            await opCase.run(engine, (tensor) => (loose && tensor === 'grad_input' ? LOOSE : 1));
          });
        }
      });
    }

    const optimizers = readFamily('optimizers');
    describe('optimizers', () => {
      for (const golden of optimizers.cases) it(golden.name, () => runOptimizerCase(engine, optimizers, golden));
    });

    it('covers every case', () => {
      expect(count).toBe(OP_CASES);
      expect(optimizers.cases.length).toBe(OPTIMIZER_CASES);
    });
  });
}
