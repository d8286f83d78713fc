import { expect, it } from 'vitest';
import { assumed, estimatePage, limits } from './distributed-estimate.ts';

/** After a change: `npx vitest run tests/contract/distributed-estimate.test.ts -u` writes the page anew. */
it('docs/distributed-estimate.md is what follows from the rates', async () => {
  await expect(estimatePage()).toMatchFileSnapshot('../../docs/distributed-estimate.md');
});

it('reckons as by hand', () => {
  const small = {
    ...assumed,
    nodes: 1,
    perNode: 2,
    pictureBytes: 1000,
    parameters: 250,
    batchPerGpu: 10,
    network: 1e4,
  };
  const measured = { picturesPerSecond: { read: 50, readCropFlip: 7 }, epochOrderSeconds: 1 };
  // A step: 2 x 10 pictures of 1,000 bytes from the store; a ring of two sends each of 1,000 bytes of gradients once.
  expect(limits({ ...small, gpuRate: 5, disk: 4e4 }, measured)).toEqual({
    gpus: 10,
    input: 14,
    readOnly: 100,
    sharedStorage: 10,
    gradients: 200,
    storageAndGradients: (20 * 1e4) / 21_000,
    disk: 40,
    gradientBytes: 1000,
    stepSeconds: 2,
  });
});
