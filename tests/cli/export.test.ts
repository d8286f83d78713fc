import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeClassifier } from '../../src/core/classifier/file.ts';
import { exportOnnx } from '../../src/core/export/onnx/export-onnx.ts';
import { readSafetensors } from '../../src/core/formats/safetensors.ts';
import { buildPreset } from '../../src/core/model/presets/index.ts';
import { sampleClassifier } from '../export/sample-classifier.ts';
import { temporaryFolder } from '../test-data.ts';
import { fovea, writePhotos } from './fovea.ts';

describe('fovea export and model import', () => {
  const folder = temporaryFolder();
  beforeAll(async () => {
    const classifier = await sampleClassifier(buildPreset('lenet5', { input: [16, 16, 3], classes: 3 }));
    writeFileSync(join(folder, 'm.safetensors'), writeClassifier(classifier));
    writeFileSync(join(folder, 'm.onnx'), exportOnnx(classifier, { withPreprocessing: true }));
    await writePhotos(join(folder, 'photos'), 3);
  });

  it('safetensors: proved by its own reader, the same bytes again', async () => {
    const { code, json, stdout } = await fovea(folder, [
      'export',
      'm.safetensors',
      '--out',
      'copy.safetensors',
      '--json',
    ]);
    expect(code, stdout).toBe(0);
    expect(json.proof).toMatchObject({ proved: true, largestDifference: 0, sameTopClass: 64 });
    expect(readFileSync(join(folder, 'copy.safetensors'))).toEqual(readFileSync(join(folder, 'm.safetensors')));
    const record = JSON.parse(readFileSync(join(folder, 'copy.safetensors.proof.json'), 'utf8'));
    expect(record).toMatchObject({ format: 'fovea-proof', proved: true, pictures: 64, to: 'safetensors' });
    expect(record.files[0].sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('ONNX: says whether it is proved', async () => {
    const args = ['export', 'm.safetensors', '--out', 'out.onnx', '--softmax', '--data', 'photos', '--json'];
    const { code, json, stderr } = await fovea(folder, args);
    expect(code, stderr).toBe(0);
    expect(json.files).toEqual(['out.onnx', 'out.onnx.proof.json']);
    if (json.proof.proved) expect(json.proof).toMatchObject({ source: 'photos', otherTopClass: 0 });
    else expect(json.proof.why).toMatch(/onnxruntime-node is not installed/);
    expect(stderr).toMatch(json.proof.proved ? /Proved in onnxruntime/ : /Not proved/);
  });

  it('PyTorch: source and weights; another file of that name is never replaced', async () => {
    const { code } = await fovea(folder, ['export', 'm.safetensors', '--out', 'net.py']);
    expect(code).toBe(0);
    expect(readFileSync(join(folder, 'net.py'), 'utf8')).toContain('with_name("net.safetensors")');
    writeFileSync(join(folder, 'other.safetensors'), 'mine');
    const refused = await fovea(folder, ['export', 'm.safetensors', '--out', 'other.py']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/Expected no other file for the weights 'other\.safetensors'/);
    expect(existsSync(join(folder, 'other.py'))).toBe(false);
  });

  it('an ONNX file is imported, tested, classified with and exported again', async () => {
    const made = await fovea(folder, [
      'model',
      'import',
      'm.onnx',
      '--out',
      'back.safetensors',
      '--classes',
      'circle,square,triangle',
      '--json',
    ]);
    expect(made.code, made.stderr).toBe(0);
    expect(made.json).toMatchObject({ input: [16, 16, 3], classNames: ['circle', 'square', 'triangle'], notes: [] });
    const seen = await fovea(folder, ['classify', 'm.onnx', 'photos/test', '--json']);
    const files = await fovea(folder, ['classify', 'm.safetensors', 'photos/test', '--json']);
    expect(seen.lines.length).toBeGreaterThan(0);
    expect(seen.lines.map((line) => JSON.parse(line).top?.[0].class)).toEqual(
      files.lines.map((line) => JSON.parse(line).top?.[0].class),
    );
    const again = await fovea(folder, ['export', 'back.safetensors', '--out', 'again.onnx', '--json']);
    expect(again.code).toBe(0);
  });

  it('an imported model is trained further on digits: a head of ten classes, then tested', async () => {
    // Ones from elsewhere have other names than ours, and no preset's: layers are known by their operators alone.
    const classifier = await sampleClassifier(buildPreset('lenet5', { input: [28, 28, 1], classes: 3 }));
    writeFileSync(join(folder, 'elsewhere.onnx'), exportOnnx(classifier, { withPreprocessing: true }));
    const made = await fovea(folder, ['model', 'import', 'elsewhere.onnx', '--out', 'start.safetensors', '--json']);
    expect(made.code, made.stderr).toBe(0);
    const epoch = ['--epochs', '1', '--json'];
    const whole = await fovea(folder, [
      'train',
      'digits',
      '--weights',
      'start.safetensors',
      '--out',
      'tuned',
      ...epoch,
    ]);
    expect(whole.code, whole.stderr).toBe(0);
    const { matched, newHead, unused } = whole.json.startWeights;
    expect([matched.length, newHead.length, unused]).toEqual([8, 2, []]);
    const { json } = await fovea(folder, ['test', 'tuned', '--json']);
    expect(json.accuracy).toBeGreaterThan(0.8);
    // Only the head learns: what was imported stays as it was, to the bit.
    const frozen = [...epoch, '--freeze', 'trunk', '--out', 'head'];
    expect((await fovea(folder, ['train', 'digits', '--weights', 'start.safetensors', ...frozen])).code).toBe(0);
    const [start, head] = ['start.safetensors', 'head/last.safetensors'].map(
      (file) => readSafetensors(readFileSync(join(folder, file)), file).tensors,
    );
    for (const name of matched) expect(head.get(name)?.data, name).toEqual(start.get(name)?.data);
    expect((await fovea(folder, ['export', 'tuned', '--out', 'tuned.onnx', '--json'])).code).toBe(0);
  });

  it.each<[string[], number, RegExp]>([
    [['export', 'm.safetensors'], 2, /Expected a file for --out/],
    [['export', 'm.safetensors', '--out', 'a.txt'], 2, /ends in \.onnx, \.safetensors, \.py/],
    [['export', 'm.safetensors', '--out', 'a.py', '--to', 'onnx'], 1, /ends in \.onnx for option 'out'/],
    [['export', 'm.safetensors', '--out', 'a.py', '--softmax'], 1, /target onnx/],
    [['export', 'nothing', '--out', 'a.onnx'], 1, /nothing/],
    [['model', 'import', 'm.safetensors', '--out', 'a.safetensors'], 1, /ONNX model/],
    [['model', 'import', 'm.onnx', '--out', 'a.onnx'], 1, /ends in \.safetensors/],
    [['model', 'import', 'photos', '--out', 'a.safetensors'], 1, /a folder/],
    [['model', 'import', 'm.onnx', '--out', 'a.safetensors', '--mean', 'x'], 2, /numbers such as/],
  ])('%j', async (args, code, message) => {
    const result = await fovea(folder, args);
    expect(result.stderr).toMatch(message);
    expect(result.code).toBe(code);
    expect(existsSync(join(folder, 'a.onnx')) || existsSync(join(folder, 'a.safetensors'))).toBe(false);
  });
});
