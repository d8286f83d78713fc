/** Fifty kills (-9) at random moments of a training of ten epochs: every file can be read, and the bits are the same. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fovea, writeBars } from '../cli/fovea.ts';
import { tenEpochs, trainThroughKills } from '../cli/kill.ts';
import { temporaryFolder } from '../test-data.ts';

const folder = temporaryFolder();

it.skipIf(process.platform === 'win32')('fifty kills', async () => {
  writeBars(join(folder, 'bars'), 4000);
  const whole = await fovea(folder, ['train', 'bars', ...tenEpochs, '--out', 'whole', '--json']);
  const places = new Set<string>();
  for (let left = 50, run = 1; left > 0; run++) {
    const killed = await trainThroughKills(folder, 'bars', `killed-${run}`, left, Math.random);
    left -= killed.kills;
    for (const place of killed.places) places.add(place);
    expect(killed.weights).toBe(whole.json.weights);
    expect(killed.epochs.map((one) => ({ ...one, seconds: 0 }))).toEqual(
      whole.json.epochs.map((one: object) => ({ ...one, seconds: 0 })),
    );
  }
  console.log(`50 kills; went on at ${[...places].join(', ')}`);
  expect(places.size).toBeGreaterThan(20);
});
