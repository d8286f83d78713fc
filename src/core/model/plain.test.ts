import { describe, expect, it } from 'vitest';
import { readModelDraft } from './spec.ts';

const layers = [
  { id: 'a', type: 'flatten' },
  { id: 'b', type: 'linear' },
];
const text = (changes: object) => JSON.stringify({ format: 'fovea-model', version: 1, layers, ...changes });

describe('a hostile model file', () => {
  it.each([
    ['is no JSON', '{', 'Expected JSON for file but received other text'],
    ['is too long', ' '.repeat(4_000_001), 'Expected at most 4000000 characters'],
    ['is deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'objects and lists within each other up to 8 deep'],
    ['reaches the prototype', `{"format":"fovea-model","version":1,"__proto__":{"x":1},"layers":[]}`, "'__proto__'"],
    ['reaches it in a layer', text({ layers: [{ id: 'a', type: 'relu', constructor: 1 }] }), "'constructor'"],
    ['is of a later version', text({ version: 2 }), 'Expected version 1 for file'],
    [
      'has too many layers',
      text({ layers: Array(5001).fill({ id: 'a', type: 'relu' }) }),
      'Expected at most 5000 layers',
    ],
    ['has too many values', text({ layers: Array(100_001).fill([1]) }), 'Expected at most 200000 values'],
    ['has a layer twice', text({ layers: [layers[0], layers[0]] }), 'Another layer has it already'],
    [
      'reads itself',
      text({ layers: [{ id: 'a', type: 'relu', inputs: ['a'] }, ...layers] }),
      'ids of layers before it',
    ],
    ['has a huge id', text({ layers: [{ id: 'a'.repeat(9999), type: 'relu' }] }), 'at most 200'],
    ['has a huge name', text({ name: 'a'.repeat(9999) }), 'at most 200 letters'],
    [
      'has huge numbers',
      text({ layers: [{ id: 'c', type: 'conv2d', channels: 1e300, kernelSize: 1 }] }),
      'at most 2147483647',
    ],
    ['has a huge picture', text({ input: [65536, 65536, 3] }), 'at most 1073741824 numbers'],
  ])('%s', (_, content, message) => {
    const begin = performance.now();
    expect(() => readModelDraft(content, 'file')).toThrow(message);
    expect(performance.now() - begin).toBeLessThan(1000);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});
