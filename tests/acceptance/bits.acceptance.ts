/** The pinned bits (tests/contract/bits.json) under each Node that Fovea runs on, with and without turbo. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findNode } from './other-node.ts';
import type { TrainedBits } from './train-bits.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bits: Record<string, string> = JSON.parse(readFileSync(`${root}/tests/contract/bits.json`, 'utf8'));

function train(node: string, ...args: string[]): TrainedBits {
  const { status, stdout, stderr } = spawnSync(node, ['--import', 'tsx', 'tests/acceptance/train-bits.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) as string);
}

describe.each([20, 22, 24])('under Node %i', (major) => {
  const node = findNode(major);

  it.skipIf(!node).each(['1', '2', '3', '7', 'inline'])('trains to the pinned bits: threads %s', (threads) => {
    const trained = train(node as string, threads);
    expect(trained.node).toMatch(new RegExp(`^v${major}\\.`));
    expect(trained.hashes).toEqual(bits);
  });

  it.skipIf(!node).each(['1', '2', '7'])('trains to the pinned bits with turbo: threads %s', (threads) => {
    const { turbo, v8, hashes } = train(node as string, threads, 'turbo');
    expect(hashes).toEqual(bits);
    expect(turbo?.text).toContain(v8);
    // Where there is no revectorizer it must say so; where V8 has one, a refusal is for a person to look at.
    // The V8 of Node 22 gives the same bits, later.
    if (major < 24 || process.arch !== 'x64') expect(turbo?.on).toBe(false);
    else expect(turbo).toMatchObject({ on: true });
    console.log(`Node ${major}: ${turbo?.text}`);
  });
});
