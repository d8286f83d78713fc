/**
 * One hash of all weights and losses after 50 steps of batches of 16, for models of each kind: the same for any number
 * of threads, in Node here and in Chromium in tests/browser, today and as it is pinned in bits.json.
 *
 * A kernel or a plan that adds in another order gives other bits. Where that is meant, pin the new ones by
 * `node scripts/pin-bits.mjs` and tell of it in CHANGELOG.md: a run from before cannot be repeated bit for bit.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/core/backend/backend.ts';
import { engineBits } from '../../src/core/train/bits.ts';
import { createEngine, type EngineOptions } from '../../src/node/engine.ts';
import { pinned, type TrainedSteps, trainedSpecs, trainSteps } from '../train-steps.ts';

const file = new URL('./bits.json', import.meta.url);
const pinning = process.env.FOVEA_PIN_BITS === '1';
const bits: Record<string, string> = pinning ? {} : JSON.parse(readFileSync(file, 'utf8'));

const engines: Engine[] = [];
afterAll(() => Promise.all(engines.map((engine) => engine.dispose())));
afterAll(() => {
  if (pinning) writeFileSync(file, `${JSON.stringify(bits, null, 2)}\n`);
});

it.skipIf(pinning)('the id of the bits that runs record follows from the pins', () => {
  const hash = createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 8);
  expect(engineBits, 'Run node scripts/pin-bits.mjs, which writes it').toMatch(new RegExp(`^\\d+-${hash}$`));
});

describe.each(Object.entries(trainedSpecs))('the bits of %s', (name, spec) => {
  const train = async (options: EngineOptions): Promise<TrainedSteps> => {
    const engine = await createEngine({ inlineWork: 0, ...options });
    engines.push(engine);
    return trainSteps(engine, spec, pinned.steps, pinned.batch);
  };
  let first: TrainedSteps;

  it('are those that were pinned', async () => {
    first = await train({ threads: 1 });
    expect(first.losses.every(Number.isFinite)).toBe(true);
    expect(first.losses[0]).not.toBe(first.losses[pinned.steps - 1]);
    if (pinning) bits[name] = first.hash;
    const mend = `'${name}' trains to other bits than before. If that is meant: node scripts/pin-bits.mjs and a line in CHANGELOG.md`;
    expect(first.hash, mend).toBe(bits[name]);
  });

  // bits.acceptance has more numbers of threads.
  it.each([{ threads: 2 }, { threads: 3 }, { inline: true }])('are the same for %o', async (options) => {
    expect(await train(options)).toEqual(first);
  });
});
