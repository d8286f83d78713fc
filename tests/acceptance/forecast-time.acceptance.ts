import { describe, expect, it } from 'vitest';
import { buildPreset, presets } from '../../src/core/model/presets/index.ts';
import { defaultsOf } from '../../src/core/train/defaults.ts';
import { alternate } from '../../src/core/workbench/bench/alternate.ts';
import { benchInput, compileTraining } from '../../src/core/workbench/bench/presets.ts';
import { forecastTime } from '../../src/core/workbench/forecast-time.ts';
import { createEngine } from '../../src/node/engine.ts';

/** Milliseconds of measuring the truth. */
const measuring = 2500;
/** A preset for photographs is not run with whole batches of small pictures. */
const inputOf = (name: string, minimumSize: number) => {
  const usual = benchInput(name);
  return minimumSize > usual[0] ? [minimumSize, minimumSize, 3] : usual;
};

/** What `fovea model show --time` tells against whole steps that are run right after: within 25 %. */
describe('the time that is foretold', () => {
  it.each(presets.map(({ name, minimumSize }) => [name, minimumSize] as const))('%s', async (name, minimumSize) => {
    const spec = buildPreset(name, { input: inputOf(name, minimumSize), classes: 10 });
    const { optimizer, batch } = defaultsOf(name);
    const clock = () => performance.now();
    const engine = await createEngine({});
    try {
      const foretold = await forecastTime(engine, spec, { optimizer, batch }, { clock });
      const step = (await compileTraining(engine, spec, { optimizer, batch }))(batch);
      const [truth] = await alternate([step], { milliseconds: measuring, clock });
      const share = foretold.stepMilliseconds / truth;
      console.log(
        `${name} ${spec.input.join('x')}: foretold ${foretold.stepMilliseconds.toFixed(1)} ms, then ${truth.toFixed(1)} ms a step of ${batch} (${((share - 1) * 100).toFixed(1)} %); ran ${foretold.measured.map(({ pictures }) => pictures).join(' and ')}`,
      );
      expect(share).toBeGreaterThan(0.75);
      expect(share).toBeLessThan(1.25);
    } finally {
      await engine.dispose();
    }
  });
});
