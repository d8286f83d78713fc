// The line protocol that all programs of the comparison speak: a name comes in, milliseconds go out.
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: '2' },
    batch: { type: 'string', default: '128' },
    models: { type: 'string', default: '.' },
  },
});
export const threads = Number(values.threads);
export const batch = Number(values.batch);
/** Where exported models lie. */
export const folder = values.models;

/** Height, width and channels of each network's pictures. */
export const inputs = { 'mnist-cnn': [28, 28, 1], resnet20: [32, 32, 3], mobile: [32, 32, 3] };

/** [output channels, stride] of the blocks. */
export const resnetBlocks = [...Array(3).fill([16, 1]), [32, 2], [32, 1], [32, 1], [64, 2], [64, 1], [64, 1]];
export const mobileBlocks = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [256, 1],
];

/** Numbers in ±1, the same each time. */
export function numbers(count) {
  let state = 1;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  });
}

/**
 * Answers requests until an empty line. @param jobs name → a function that makes the job once: an async function that
 * does one step. @param refusals name → why it cannot be done.
 */
export async function serve(jobs, refusals = {}) {
  const made = new Map();
  console.log(['ready', ...Object.keys(jobs)].join(' '));
  for await (const line of createInterface({ input: process.stdin })) {
    const name = line.trim();
    if (!name) break;
    if (!Object.hasOwn(jobs, name)) {
      console.log(`error: ${refusals[name] ?? `unknown network ${name}`}`);
      continue;
    }
    try {
      if (!made.has(name)) made.set(name, await jobs[name]());
      const start = performance.now();
      await made.get(name)();
      console.log((performance.now() - start).toFixed(3));
    } catch (error) {
      console.log(`error: ${String(error.message).split('\n')[0]}`);
    }
  }
  process.exit(0);
}
