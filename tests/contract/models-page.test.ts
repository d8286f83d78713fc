import { expect, it } from 'vitest';
import { buildPreset, presets } from '../../src/core/model/presets/index.ts';
import { summarize } from '../../src/core/model/summary.ts';
import { countedElsewhere, modelsPage, usualInput } from './models-page.ts';

/** After a change: `npx vitest run tests/contract/models-page.test.ts -u` writes the page anew. */
it('docs/models.md is what the list of presets says', async () => {
  await expect(modelsPage()).toMatchFileSnapshot('../../docs/models.md');
});

it('every count is that of torchvision or PyTorch', () => {
  let compared = 0;
  for (const preset of presets) {
    for (const classes of [10, 1000]) {
      const elsewhere = countedElsewhere(preset.name, classes);
      // The small form of vgg11-bn was counted, not the one for photographs.
      if (elsewhere === undefined) continue;
      const { parameters } = summarize(buildPreset(preset, { input: usualInput(preset), classes }));
      expect(parameters, `${preset.name}, ${classes} classes`).toBe(elsewhere);
      compared++;
    }
  }
  expect(compared).toBe(26);
});
