import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { createReferenceEngine } from '../../src/core/backend/reference.ts';
import { writeSafetensors } from '../../src/core/formats/safetensors.ts';
import { appendLoss } from '../../src/core/losses/index.ts';
import { buildModel } from '../../src/core/model/build.ts';
import { buildPreset } from '../../src/core/model/presets/index.ts';
import { initializeWeights, saveWeights, type WeightTensor } from '../../src/core/model/weights.ts';
import { RandomStream } from '../../src/core/random.ts';
import { temporaryFolder } from '../test-data.ts';

vi.setConfig({ testTimeout: 60_000 });

const program = fileURLToPath(new URL('../../dist/bench/stdio.js', import.meta.url));

/** Answers to requests, one a line; the first is the list of names. */
async function ask(requests: readonly string[], ...args: string[]): Promise<string[]> {
  const child = spawn(process.execPath, [program, '--threads', '2', ...args]);
  child.stdin.end(`${requests.join('\n')}\n\n`);
  let text = '';
  for await (const part of child.stdout.setEncoding('utf8')) text += part;
  return text.trimEnd().split('\n');
}

describe('the program that is timed', () => {
  it('answers milliseconds, and errors in one line', async () => {
    const answers = await ask(
      ['infer:mnist-cnn', 'mnist-cnn', 'mnist', 'loss:mnist-cnn nowhere.safetensors'],
      '--batch',
      '3',
    );
    expect(answers).toHaveLength(5);
    expect(answers[0]).toBe('ready mnist-cnn resnet20 mobile infer:mnist-cnn infer:resnet20 infer:mobile');
    for (const answer of answers.slice(1, 3)) expect(Number(answer)).toBeGreaterThan(0);
    expect(answers[3]).toBe('error: Expected one of mnist-cnn, resnet20, mobile for the network but received mnist');
    expect(answers[4]).toMatch(/^error: Expected .*nowhere\.safetensors/);
  });

  it('answers the loss of given weights on a given batch', async () => {
    const folder = temporaryFolder();
    const n = 3;
    const random = new RandomStream(9, 'sample');
    const model = buildModel(buildPreset('mnist-cnn', { input: [28, 28, 1], classes: 10 }), {
      training: true,
      inputType: 'float32',
    });
    const { loss, labels } = appendLoss(model.graph, model.logits, undefined, 'mean');
    const engine = createReferenceEngine();
    const reference = await engine.compile(model.graph, { capacity: n, outputs: [loss] });
    initializeWeights(engine, model.parameters, 4);
    const input = Float32Array.from({ length: n * 784 }, () => 2 * random.uniform() - 1);
    const answers = Int32Array.of(3, 0, 9);
    reference.write(model.input, input);
    reference.write(labels, answers);
    await reference.run(n);
    const expected = reference.read(loss)[0];

    const tensors = new Map<string, { shape: readonly number[]; data: Float32Array | Int32Array }>([
      ...(saveWeights(engine, model.parameters) as Map<string, WeightTensor>),
      ['input', { shape: [n, 1, 28, 28], data: input }],
      ['labels', { shape: [n], data: answers }],
    ]);
    const whole = join(folder, 'a file.safetensors');
    writeFileSync(whole, writeSafetensors(tensors));
    const spoilt = join(folder, 'spoilt.safetensors');
    tensors.delete('fc2.bias');
    writeFileSync(spoilt, writeSafetensors(tensors));
    const [, first, second, missing, other] = await ask([
      `loss:mnist-cnn ${whole}`,
      `loss:mnist-cnn ${whole}`,
      `loss:mnist-cnn ${spoilt}`,
      `loss:resnet20 ${whole}`,
    ]);
    expect(Number(first)).toBeCloseTo(expected, 5);
    expect(first.replace('.', '')).toMatch(/^\d{9}$/);
    expect(second).toBe(first);
    expect(missing).toMatch(/^error: Expected a tensor 'fc2\.bias'/);
    expect(other).toMatch(/^error: Expected F32 of n x 3 x 32 x 32/);
  });
});
