import { afterEach, describe, expect, it, vi } from 'vitest';
import { torchHost } from './torchrun.ts';

afterEach(() => vi.unstubAllEnvs());

describe('torchHost', () => {
  it('says how to get PyTorch where there is no such Python', async () => {
    vi.stubEnv('FOVEA_PYTHON', '/nowhere/python3');
    await expect(torchHost.version()).rejects.toThrow(
      /^Expected Python with PyTorch and NumPy for '--engine torch' but received no such program \('\/nowhere\/python3'\)[\s\S]*pip install torch numpy[\s\S]*FOVEA_PYTHON=/,
    );
  });

  it('says what a Python without PyTorch said', async () => {
    // Node is no Python: it fails at the first word, as a Python without the module does.
    vi.stubEnv('FOVEA_PYTHON', process.execPath);
    await expect(torchHost.version()).rejects.toThrow(/Expected Python with PyTorch/);
  });

  it('has the whole program in the package', async () => {
    const program = await torchHost.program();
    expect([...program.keys()]).toEqual(expect.arrayContaining(['train.py', 'philox.py', 'tensors.py']));
    for (const [name, content] of program) {
      const text = new TextDecoder().decode(content);
      expect(text, name).not.toMatch(/\bpickle\.|torch\.(load|save)\(/);
      const packages = [...text.matchAll(/^(?:import|from) (\w+)/gm)].map(([, found]) => found);
      const own = [...program.keys(), 'model.py'].map((file) => file.replace('.py', ''));
      const standard = [
        'argparse',
        'concurrent',
        'datetime',
        'json',
        'math',
        'os',
        'pathlib',
        'secrets',
        'signal',
        'sys',
        'time',
      ];
      for (const found of packages) expect([...own, ...standard, 'numpy', 'torch'], name).toContain(found);
    }
  });
});
