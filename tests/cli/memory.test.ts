import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fovea, writeBars } from './fovea.ts';

const folder = mkdtempSync(join(tmpdir(), 'fovea-memory-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeBars(join(folder, 'bars'));

// What mnist-cnn keeps cannot be computed again more cheaply; a net with batch norm has such values.
const deep = ['train', 'bars', '--model', 'vgg6-bn', '--epochs', '1', '--batch', '16'];
const usual = ['train', 'bars', '--model', 'mnist-cnn', '--epochs', '1', '--batch', '16'];

describe('memory on the command line', () => {
  it('is foretold, in words and as JSON', async () => {
    const { code, stdout } = await fovea(folder, [...usual, '--out', 'told']);
    expect(code).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /Memory: [\d.]+ MB, of which the engine [\d.]+ MB \(weights .*, optimizer .*, activations and gradients .*, threads .*\); .* of pictures/,
    );
    const { json } = await fovea(folder, [...usual, '--out', 'counted', '--json']);
    const { engine, total, pictures } = json.memory;
    expect(engine.memory % 65536).toBe(0);
    expect(engine.memory).toBeGreaterThanOrEqual(engine.used);
    // The bytes of the IDX file stay, with its header of 16.
    expect(pictures).toBe(16 + 150 * (144 + 4));
    expect(total).toBeGreaterThan(engine.memory + pictures);
  });

  it('is less with --memory low, with the same weights', async () => {
    const [many, few] = [
      await fovea(folder, [...deep, '--out', 'usual', '--json']),
      await fovea(folder, [...deep, '--out', 'low', '--memory', 'low', '--json']),
    ];
    expect(few.json.weights).toBe(many.json.weights);
    expect(few.json.memory.engine.workspace).toBeLessThan(many.json.memory.engine.workspace);
  });

  it('is less with --micro-batch, which the recipe and the model file hold and --resume keeps', async () => {
    const first = await fovea(folder, [...usual, '--micro-batch', '5', '--out', 'parts', '--json']);
    expect(first.code).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'parts', 'run.json'), 'utf8')).recipe.microBatch).toBe(5);
    expect(readFileSync(join(folder, 'parts', 'best.safetensors'), 'latin1')).toMatch(/microBatch\\*":5/);
    const further = await fovea(folder, ['train', '--resume', 'parts', '--epochs', '2', '--json']);
    const whole = await fovea(folder, [...usual.slice(0, 4), '--epochs', '2', '--batch', '16', '--json']);
    expect(further.json.memory.engine.workspace).toBeLessThan(whole.json.memory.engine.workspace);
    expect(further.json.memory.engine).toEqual(first.json.memory.engine);
  });

  it('stops before training where a batch is too large, with the numbers and a way out', async () => {
    const before = readdirSync(folder);
    const large = ['train', 'bars', '--model', 'vgg6-bn', '--size', '768', '--batch', '128'];
    const { code, stderr, stdout } = await fovea(folder, large);
    expect(code).toBe(1);
    expect(stderr.replace(/\s+/g, ' ')).toMatch(
      /Expected at most .* GiB .* but received \d+\.\d\d GiB\. It fits with --micro-batch \d+ \(/,
    );
    expect(stdout).not.toMatch(/epoch +loss/);
    expect(readdirSync(folder)).toEqual(before);
  });

  it.each([
    ['0', 2],
    ['16', 1],
  ])('refuses --micro-batch %s', async (size, exitCode) => {
    const { code, stderr } = await fovea(folder, [...usual, '--micro-batch', size]);
    expect(code).toBe(exitCode);
    expect(stderr).toMatch(/micro-batch/);
  });
});
