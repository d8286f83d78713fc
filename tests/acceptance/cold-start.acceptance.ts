/** How long a person waits for `fovea classify` of one small picture, against a Node that does nothing. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { generateDigits } from '../../src/core/dataset/builtin/digits.ts';
import { pictureAt } from '../../src/core/dataset/dataset.ts';
import { encodePng } from '../../src/node/encode.ts';
import { temporaryFolder } from '../test-data.ts';
import { findNode } from './other-node.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = temporaryFolder();
const runs = 15;

function time(node: string, args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(node, args, { cwd: folder, encoding: 'utf8' });
  const milliseconds = performance.now() - start;
  expect(status, stderr).toBe(0);
  return milliseconds;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];

describe.each([20, 22, 24])('under Node %i', (major) => {
  const node = findNode(major);

  it.skipIf(!node)('classifies one small picture from cold in at most 6 times `node -e 0`', async () => {
    const program = node as string;
    const { train } = generateDigits({ train: 20, test: 10 });
    if (!train) throw new Error('no digits');
    writeFileSync(join(folder, 'digit.png'), await encodePng(pictureAt(train, 3)));
    const run = `run-${major}`;
    time(program, [main, 'train', 'digits', '--model', 'mnist-cnn', '--epochs', '1', '--out', run]);
    const idle: number[] = [];
    const classify: number[] = [];
    for (let i = 0; i <= runs; i++) {
      const pair = [time(program, ['-e', '0']), time(program, [main, 'classify', run, 'digit.png'])];
      // The first pair brings the files into memory, and the compiled code into Node's cache.
      if (i === 0) continue;
      idle.push(pair[0]);
      classify.push(pair[1]);
    }
    const ratio = median(classify) / median(idle);
    console.log(
      `Node ${major}: classify ${median(classify).toFixed(0)} ms, node -e 0 ${median(idle).toFixed(0)} ms, ratio ${ratio.toFixed(2)} (medians of ${runs}, alternated)`,
    );
    expect(ratio).toBeLessThanOrEqual(6);
  });
});
