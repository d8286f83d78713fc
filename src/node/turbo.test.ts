import { describe, expect, it } from 'vitest';
import { selfTestCases } from '../core/backend/self-test.ts';
import { loadKernels, readTurboKernels } from './kernels.ts';
import { compareKernels, prepareTurbo } from './turbo.ts';
import { timesFaster } from './turbo-speed.ts';

describe('the self-test of kernels', () => {
  it('calls every kernel, which gives the same bits again', async () => {
    const kernels = await loadKernels(true);
    const { difference, kernels: count } = await compareKernels(kernels, kernels);
    expect(difference, 'a new kernel goes into src/core/backend/self-test.ts').toBeUndefined();
    expect(count).toBeGreaterThan(80);
  });

  it('finds the same bits in the kernels for turbo, whether widened or not', async () => {
    const wide = await WebAssembly.compile(await readTurboKernels());
    const { difference } = await compareKernels(await loadKernels(true), wide);
    expect(difference).toBeUndefined();
  });

  it('names a kernel of other bits, and one that it never called', async () => {
    const plain = await loadKernels(true);
    const cases = selfTestCases().filter(({ title }) => title === 'relu6');
    expect(await compareKernels(plain, plain, cases)).toMatchObject({
      difference: expect.stringMatching(/^no program of the self-test calls .*conv2d_forward/),
    });
    expect(await compareKernels(plain, await withAnotherSix(), cases)).toMatchObject({
      difference: expect.stringMatching(/the kernel 'relu6_forward' gave other bits in relu6$/),
    });
  });

  /** The kernels with 0.5 where relu6 has its 6: the inputs are below 1. */
  async function withAnotherSix(): Promise<WebAssembly.Module> {
    const bytes = (await readTurboKernels()).slice();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let changed = 0;
    for (let at = 0; at + 4 <= bytes.length; at++) {
      if (view.getFloat32(at, true) !== 6) continue;
      view.setFloat32(at, 0.5, true);
      changed++;
    }
    expect(changed).toBeGreaterThan(0);
    return WebAssembly.compile(bytes);
  }
});

describe('turbo', () => {
  // Elsewhere there are registers enough for twice as many sums.
  it.runIf(process.arch === 'x64')('is timed: in 128 bits its kernels are slower than those without it', async () => {
    const plain = await loadKernels(true);
    const narrow = await WebAssembly.compile(await readTurboKernels());
    expect(await timesFaster(plain, narrow)).toBeLessThan(0.95);
  });

  it('says what came of it, and is on only with kernels that were proved', async () => {
    const turbo = await prepareTurbo();
    expect(turbo.text).toContain(process.versions.v8);
    if (turbo.on)
      expect(turbo).toMatchObject({ text: expect.stringMatching(/^Turbo is on/), kernels: expect.any(Number) });
    else expect(turbo.text).toMatch(/^Turbo is refused, computing goes on without it: /);
    expect(turbo.module !== undefined).toBe(turbo.on);
    if (Number(process.versions.node.split('.')[0]) < 22) expect(turbo.on).toBe(false);
    expect(await prepareTurbo()).toBe(turbo);
  });
});
