import { expect, it } from 'vitest';
import type { Dataset } from '../../src/core/dataset/dataset.ts';
import { evaluate } from '../../src/core/evaluate/evaluate.ts';
import { readLogits } from '../../src/core/evaluate/logits.ts';
import { train } from '../../src/core/workbench/train-model.ts';
import { createEngine } from '../../src/node/engine.ts';
import { openData } from '../../src/node/open-data.ts';
import { describeWithData } from '../test-data.ts';

describeWithData('mnist', 'a test of 10,000 pictures', (folder) => {
  it('takes at most 1.3 times the bare forward pass, the bootstrap apart', { timeout: 600_000 }, async () => {
    const digits = await openData('digits', { size: 28, channels: 1 });
    const engine = await createEngine({});
    const { classifier } = await train({ engine, data: digits, model: 'mnist-cnn', epochs: 1 });
    const pictures = (await openData(folder)).test as Dataset;
    const known: Dataset = { ...pictures, classNames: classifier.classNames };
    const seconds = async (work: () => Promise<unknown>): Promise<number> => {
      const begun = performance.now();
      await work();
      return (performance.now() - begun) / 1000;
    };
    const ratios: number[] = [];
    for (let round = 0; round < 9; round++) {
      const bare = await seconds(() => readLogits(engine, classifier, known));
      const whole = await seconds(() => evaluate(engine, classifier, known, { resamples: 0 }));
      if (round > 0) ratios.push(whole / bare);
    }
    await engine.dispose();
    const median = ratios.sort((a, b) => a - b)[ratios.length >> 1];
    console.info(`test / forward: median ${median.toFixed(2)}, ${ratios.map((r) => r.toFixed(2)).join(' ')}`);
    expect(median).toBeLessThan(1.3);
  });
});
