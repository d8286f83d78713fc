import { describe, expect, it } from 'vitest';
import { readWeights } from '../../src/core/classifier/read-weights.ts';
import { FoveaError } from '../../src/core/errors.ts';
import { presetOfHubModel, readHubConfig } from '../../src/core/model/known-weights.ts';

/** A file from a header's text and a number of body bytes. */
function file(header: string, body: number): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + body);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const tensor = (shape: number[], begin: number, end: number, dtype = 'F32'): string =>
  JSON.stringify({ dtype, shape, data_offsets: [begin, end] });
const many = (count: number, entry: (i: number) => string): string =>
  `{${Array.from({ length: count }, (_, i) => `"t${i}":${entry(i)}`).join(',')}}`;

/** What each costs is measured: a second and 200 MB are the most. */
const hostile: readonly (readonly [string, () => Uint8Array])[] = [
  ['10^12 elements', () => file(`{"a":${tensor([1e6, 1e6], 0, 8)}}`, 8)],
  ['a product beyond 2^53', () => file(`{"a":${tensor([2 ** 40, 2 ** 40], 0, 8)}}`, 8)],
  [
    '50,000 tensors that share 8 MB',
    () =>
      file(
        many(50_000, () => tensor([2e6], 0, 8e6)),
        8e6,
      ),
  ],
  [
    'tensors that overlap by one byte',
    () =>
      file(
        many(2, (i) => tensor([4], 15 * i, 15 * i + 16, 'U8')),
        31,
      ),
  ],
  [
    '50,000 empty tensors and a hole',
    () =>
      file(
        many(50_000, () => tensor([0], 4, 4)),
        8,
      ),
  ],
  ['a header of 17 MB', () => file(`{"a":"${'x'.repeat(17e6)}"}`, 0)],
  ['JSON of 100,000 brackets', () => file(`{"a":${'['.repeat(1e5)}`, 0)],
  ['offsets beyond the file', () => file(`{"a":${tensor([2], 0, 2 ** 50)}}`, 8)],
  ['a half of an element', () => file(`{"a":${tensor([3], 0, 7, 'BF16')}}`, 7)],
  ['another format of ours', () => file('{"__metadata__":{"fovea.format":"fovea-training-state-1"}}', 0)],
  ['a model that is none', () => file('{"__metadata__":{"fovea.format":"fovea-classifier-1","fovea.spec":"{}"}}', 0)],
  ['a zip archive', () => Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0, 0)],
  ['a pickle', () => Uint8Array.of(0x80, 2, 0x63, 0x6f, 0x73, 0, 0, 0, 0, 0)],
  ['nothing', () => new Uint8Array(0)],
];

describe('weights made to harm', () => {
  it.each(hostile)('%s: refused in our words, soon and without much memory', async (_, make) => {
    const bytes = make();
    const before = process.memoryUsage().rss;
    const start = performance.now();
    await expect(readWeights(bytes, 'w.safetensors')).rejects.toThrow(FoveaError);
    expect(performance.now() - start).toBeLessThan(1000);
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
  });

  it('configurations of a hub are no more trusted', () => {
    expect(readHubConfig('{')).toBeUndefined();
    expect(readHubConfig('{"architecture":5}')).toBeUndefined();
    expect(readHubConfig(`{"architecture":"${'x'.repeat(1000)}"}`)).toBeUndefined();
    const bad = readHubConfig('{"architecture":"resnet18","pretrained_cfg":{"mean":[0,0,0],"std":[0,1,1]}}');
    expect(bad).toEqual({ architecture: 'resnet18', normalisation: undefined });
    const named = { owner: 'timm', name: 'resnet18.a1_in1k' };
    expect(presetOfHubModel(named, undefined)).toBe('resnet18');
    expect(presetOfHubModel(named, { architecture: '__proto__', normalisation: undefined })).toBeUndefined();
    expect(presetOfHubModel({ owner: 'a', name: 'constructor' }, undefined)).toBeUndefined();
  });
});
