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
      for (let attempt = 1; ; attempt++) {
        const step = (await compileTraining(engine, spec, { optimizer, batch }))(batch);
        const [before] = await alternate([step], { milliseconds: measuring, clock });
        const foretold = await forecastTime(engine, spec, { optimizer, batch }, { clock });
        const again = (await compileTraining(engine, spec, { optimizer, batch }))(batch);
        const [after] = await alternate([again], { milliseconds: measuring, clock });
        const truth = (before + after) / 2;
        const share = foretold.stepMilliseconds / truth;
        const ran = foretold.measured.map(({ pictures }) => pictures).join(' and ');
        console.log(
          `${name} ${spec.input.join('x')}, batch ${batch}: ${before.toFixed(1)} ms, foretold ${foretold.stepMilliseconds.toFixed(1)}, then ${after.toFixed(1)} (${((share - 1) * 100).toFixed(1)} %); ran ${ran}`,
        );
        // A machine that others slow down meanwhile has no one truth: then another minute is taken.
        if (attempt < 4 && Math.abs(before - after) > 0.12 * truth) continue;
        expect(share).toBeGreaterThan(0.75);
        expect(share).toBeLessThan(1.25);
        break;
      }
    } finally {
      await engine.dispose();
    }
  });
});
