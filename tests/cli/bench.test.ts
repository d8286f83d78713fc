import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../test-data.ts';
import { fovea } from './fovea.ts';

vi.setConfig({ testTimeout: 60_000 });
const folder = temporaryFolder();

describe('fovea bench', () => {
  it('prints aligned tables, one JSON object with --json, and how far to trust them', async () => {
    const args = ['bench', '--seconds', '0.02', '--preset', 'linear', '--threads', '2'];
    const { code, stdout, stderr } = await fovea(folder, args);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/Peak of multiplying and adding in 128 bits: [\d.,]+ GFLOP\/s with one thread/);
    expect(stdout).toMatch(
      /conv 3x3, 16 to 16 channels, 32x32 +winograd +[\d.,]+ +\d+ % +[\d.,]+ +\d+ % +[\d.,]+ +\d+ %\n/,
    );
    expect(stdout).toMatch(/linear +28x28x1 +64 +[\d,]+ +[\d,]+ +[\d.e-]+ ms\n/);
    expect(stdout).toMatch(/vary\s+from\s+minute\s+to\s+minute/);
    const { json } = await fovea(folder, [...args, '--json']);
    expect(Object.keys(json).sort()).toEqual([
      'environment',
      'kernels',
      'peak',
      'presets',
      'scaling',
      'seconds',
      'threads',
    ]);
    expect(json.kernels[0].gflops).toBeGreaterThan(0);
  });

  it('refuses a model that there is not', async () => {
    const { code, stderr } = await fovea(folder, ['bench', '--preset', 'resnet2']);
    expect(code).toBe(2);
    expect(stderr).toContain("Did you mean 'resnet20'");
  });
});

describe('fovea model show --plan', () => {
  it('tells the kernels of each layer, the rule and the error', async () => {
    const show = (...more: string[]) => fovea(folder, ['model', 'show', 'mnist-cnn', '--plan', ...more]);
    const { code, stdout } = await show();
    expect(code).toBe(0);
    const text = stdout.replace(/\s+/g, ' ');
    expect(text).toContain(
      'conv2 conv2d forward conv2d_winograd_weights, conv2d_forward_winograd (with relu2, maxpool2)',
    );
    expect(text).toContain('conv2d_winograd_weights, conv2d_forward_winograd (with relu2, maxpool2) backward');
    expect(text).toMatch(/why Winograd's F\(4x4, 3x3\): .{20,150}\. Error about 3e-5 of the RMS\./);
    expect(text).toContain('why Direct sums: 1 channel is fewer than 16. Error about 1e-6 of the RMS.');
    const direct = await show('--algorithm', 'direct', '--json');
    expect(direct.stdout).not.toContain('winograd');
    expect(direct.json.plan.algorithm).toBe('direct');
    expect(direct.json.plan.layers.map(({ id }: { id: string }) => id)).toContain('conv2');
  });
});
