import { expect, it } from 'vitest';
import { logitsOf, sampleClassifier, samplePictures } from '../../../tests/export/sample-classifier.ts';
import { createEngine } from '../../node/engine.ts';
import { buildPreset } from '../model/presets/index.ts';
import { quickHeatmap } from './heatmap.ts';
import { gradCam } from './methods/gradCam.ts';
import { openExplainer } from './session.ts';

it.each(['mnist-cnn', 'lenet5', 'resnet20', 'mobile'])(
  '%s: what Grad-CAM gives, going back to the map alone',
  async (name) => {
    const classifier = await sampleClassifier(buildPreset(name, { input: [32, 32, 3], classes: 3 }));
    const explainer = openExplainer(await createEngine({ inline: true }), classifier);
    for (const [i, picture] of samplePictures(classifier.model, 2).entries()) {
      const prepared = explainer.prepare(picture);
      const { method, values } = await quickHeatmap(explainer, prepared, i);
      const { panels } = await gradCam.run(explainer, prepared, { target: i });
      if (panels[0].kind !== 'values') throw new Error('no map');
      const { values: expected } = panels[0];
      const most = Math.max(...expected.map(Math.abs), 1e-6);
      expect(method).toBe('Grad-CAM');
      expect(values.length).toBe(expected.length);
      values.forEach((value, at) => {
        expect(Math.abs(value - expected[at]) / most).toBeLessThan(1e-4);
      });
    }
  },
);

it('a model without maps: occlusion; a session in the same engine answers as before', async () => {
  const classifier = await sampleClassifier(buildPreset('mlp', { input: [12, 12, 3], classes: 3 }));
  const explainer = openExplainer(await createEngine({ inline: true }), classifier);
  const [picture] = samplePictures(classifier.model, 1);
  const map = await quickHeatmap(explainer, explainer.prepare(picture), 0);
  expect(map).toMatchObject({ method: 'Occlusion', height: 12, width: 12 });
  expect(map.values.some((value) => value !== 0)).toBe(true);
  expect((await logitsOf(classifier, [picture])).length).toBe(3);
});
