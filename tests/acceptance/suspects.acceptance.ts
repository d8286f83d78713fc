import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { createWorkbench } from '../../src/core/workbench/workbench.ts';
import { nodeAdapters } from '../../src/node/adapters.ts';
import { describeWithData, temporaryFolder } from '../test-data.ts';

/**
 * 5 % of Fashion-MNIST's training labels are changed to another class by chance. What the set has of wrong labels itself
 * counts against us.
 */
describeWithData('fashion-mnist', 'doubted labels', (folder) => {
  const out = temporaryFolder();

  it('are 5 % flipped labels: 80 % found, 80 % of the found are', { timeout: 3_600_000 }, async () => {
    const images = 'train-images-idx3-ubyte.gz';
    const labels = 'train-labels-idx1-ubyte.gz';
    writeFileSync(join(out, images), readFileSync(join(folder, images)));
    const bytes = Uint8Array.from(gunzipSync(readFileSync(join(folder, labels))));
    const flipped = new Set<number>();
    const random = new RandomStream(5, 'sample', 60_000);
    for (let i = 0; i < 60_000; i++) {
      if (random.uniform() >= 0.05) continue;
      bytes[8 + i] = (bytes[8 + i] + 1 + random.below(9)) % 10;
      flipped.add(i);
    }
    writeFileSync(join(out, labels), gzipSync(bytes));
    const begun = performance.now();
    const found = await createWorkbench(nodeAdapters).suspectLabels({ data: out });
    const places = found.suspects.map(({ file }) => Number(file.split('/').at(-1)));
    const hits = places.filter((place) => flipped.has(place)).length;
    const [precision, recall] = [hits / places.length, hits / flipped.size];
    const first = places.slice(0, 1000).filter((place) => flipped.has(place)).length / 1000;
    console.info(
      `${flipped.size} flipped; ${places.length} doubted (${found.model}, ${found.folds} x ${found.epochs} epochs, ${Math.round((performance.now() - begun) / 1000)} s): precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}, precision of the first 1,000 ${first.toFixed(3)}; estimate ${(100 * found.estimate).toFixed(1)} %`,
    );
    expect(precision).toBeGreaterThan(0.8);
    expect(recall).toBeGreaterThan(0.8);
  });
});
