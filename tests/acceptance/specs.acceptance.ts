import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPreset, presets } from '../../src/core/model/presets/index.ts';
import { typescriptOf } from '../../src/core/model/typescript.ts';
import { benchInput } from '../../src/core/workbench/bench/presets.ts';
import { checkFields } from '../property/check-fields.ts';
import { anySpec } from '../property/specs.ts';

/** As many models by chance as were promised: 1,000 right ones, 5,000 broken ones. */
process.env.FOVEA_SPECS = '1000';
await import('../property/specs.test.ts');

describe('receptive fields of the presets, at the size they are made for and in more layers', () => {
  it.each(presets.map(({ name, minimumSize }) => [name, minimumSize] as const))('%s', (name, minimumSize) => {
    const [side, , channels] = benchInput(name);
    const size = Math.max(side, minimumSize, 96);
    const compared = checkFields(buildPreset(name, { input: [size, size, channels], classes: 10 }), 12);
    expect(compared).toBeGreaterThan(0);
  });
});

describe('models as TypeScript', () => {
  it('are accepted by the compiler, presets and 100 by chance', () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const folder = mkdtempSync(join(root, 'tests', 'typescript-'));
    try {
      const specs = presets.map((preset) => buildPreset(preset, { input: [64, 64, 3], classes: 10 }));
      for (const [i, spec] of [...specs, ...fc.sample(anySpec, 100)].entries()) {
        writeFileSync(join(folder, `${i}.ts`), typescriptOf(spec, '../../src/core/model/builder.ts'));
      }
      const config = { extends: '../../tsconfig.json', compilerOptions: { noEmit: true }, include: ['*.ts'] };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
      const tsc = [join(root, 'node_modules/@typescript/native/bin/tsc'), '-p', folder];
      const { stdout } = spawnSync(process.execPath, tsc, { encoding: 'utf8' });
      expect(stdout).toBe('');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
