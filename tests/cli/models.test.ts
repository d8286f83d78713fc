import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fovea, writeBars } from './fovea.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fovea-models-'));
  writeBars(join(folder, 'bars'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const line = 'conv 8, relu, pool 2, flatten, dropout 0.1, linear';

describe('a model of one’s own', () => {
  it('is shown, kept as a file, trained by it and by the line, with the same weights', async () => {
    const shown = await fovea(folder, ['model', 'show', line, '--as', 'json']);
    expect(shown.code).toBe(0);
    // The data decide what nobody said.
    expect(JSON.parse(shown.stdout)).not.toHaveProperty('classes');
    writeFileSync(join(folder, 'mine.json'), shown.stdout);
    const quick = ['--epochs', '1', '--batch', '16', '--json'];
    const byLine = await fovea(folder, ['train', 'bars', '--model', line, ...quick]);
    const byFile = await fovea(folder, ['train', 'bars', '--model', 'mine.json', ...quick]);
    expect([byLine.code, byFile.code]).toEqual([0, 0]);
    expect(byFile.json.weights).toBe(byLine.json.weights);
    const run = await fovea(folder, ['model', 'show', byLine.json.run, '--as', 'shorthand']);
    expect(run.stdout.trim()).toBe(line.replace(/linear$/, 'linear 3'));
    const best = await fovea(folder, ['model', 'show', join(byLine.json.run, 'best.safetensors'), '--json']);
    expect(best.json).toMatchObject({ kind: 'classifier', model: { classes: 3, input: [12, 12, 1] } });
    const again = await fovea(folder, ['train', 'bars', '--model', byLine.json.run, ...quick]);
    expect(again.json.weights).toBe(byLine.json.weights);
  });

  it('decides the size of the pictures, and gives way to --size', async () => {
    const spec = { format: 'fovea-model', version: 1, input: [10, 14, 1], layers: [{ id: 'a', type: 'flatten' }] };
    const file = { ...spec, layers: [...spec.layers, { id: 'b', type: 'linear' }] };
    writeFileSync(join(folder, 'sized.json'), JSON.stringify(file));
    const train = ['train', 'bars', '--model', 'sized.json', '--epochs', '1', '--json'];
    const own = await fovea(folder, train);
    const asked = await fovea(folder, [...train, '--size', '8']);
    const inputs = [own, asked].map(({ json }) => {
      return JSON.parse(readFileSync(join(folder, json.run, 'run.json'), 'utf8')).recipe.model.input;
    });
    expect(inputs).toEqual([
      [10, 14, 1],
      [8, 8, 1],
    ]);
  });

  it('is drawn, compared, and has a schema', async () => {
    const drawn = await fovea(folder, ['model', 'show', line, '--svg', 'a.svg', '--html', 'a.html']);
    expect(drawn.stdout).toContain('Written: a.svg');
    expect(drawn.stdout).toContain('Steps of 64 pictures take');
    expect(readFileSync(join(folder, 'a.html'), 'utf8')).toContain(
      readFileSync(join(folder, 'a.svg'), 'utf8').slice(-300),
    );
    const compared = await fovea(folder, ['model', 'compare', line, 'lenet5', '--json']);
    expect(compared.json).toMatchObject({ left: { kind: 'shorthand' }, right: { name: 'lenet5', parameters: 61706 } });
    const schema = await fovea(folder, ['model', 'schema']);
    expect(JSON.parse(schema.stdout).properties.format).toEqual({ const: 'fovea-model' });
  });

  it('tells the mend, as data too', async () => {
    const failed = await fovea(folder, ['model', 'show', 'conv 8 5, linear', '--json']);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain("for linear 'fc1' but received 24x24x8. Put flatten before it");
    expect(failed.json.error).toMatchObject({ kind: 'input', layer: 'fc1', mends: [{ complete: true }, {}] });
    const unknown = await fovea(folder, ['model', 'show', 'resnet-20']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain("Did you mean 'resnet20'?");
    const broken = await fovea(folder, ['train', 'bars', '--model', 'conv 8, cnv 4, linear', '--epochs', '1']);
    expect(broken.code).toBe(1);
    expect(broken.stderr).toContain("Did you mean 'conv'?");
  });
});
