import { describe, expect, it } from 'vitest';
import { FoveaError } from '../errors.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

/** A file from a header text (or any JSON value) and a number of body bytes. */
function file(header: unknown, bodyBytes: number, declaredLength?: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + bodyBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(declaredLength ?? text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const one = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };

describe('safetensors', () => {
  it('reads what it wrote: every dtype, scalars, empty tensors, metadata, odd names', () => {
    const tensors = new Map([
      ['weight', { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 4, NaN, Infinity) }],
      ['bytes', { shape: [3], data: Uint8Array.of(1, 2, 255) }],
      ['scalar', { shape: [], data: Float64Array.of(Math.PI) }],
      ['empty', { shape: [0, 5], data: new Float32Array(0) }],
      ['steps', { shape: [1], data: BigInt64Array.of(-5n) }],
      ['labels', { shape: [2], data: Int32Array.of(7, -7) }],
      ['__proto__', { shape: [1], data: Float32Array.of(9) }],
      ['7', { shape: [1], data: Float32Array.of(7) }],
      ['名前 "x"\n', { shape: [1], data: Float32Array.of(8) }],
    ]);
    const metadata = { format: 'fovea', spec: '{"layers":[]}' };
    const bytes = writeSafetensors(tensors, metadata);
    const read = readSafetensors(bytes, 'model.safetensors');
    expect({ ...read.metadata }).toEqual(metadata);
    expect([...read.tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
    for (const [name, { shape, data }] of tensors) {
      expect(read.tensors.get(name)?.shape).toEqual(shape);
      expect(read.tensors.get(name)?.data).toEqual(data);
    }
    expect(new DataView(bytes.buffer).getBigUint64(0, true) % 8n).toBe(0n);
  });

  it('writes the same bytes whatever the order', () => {
    const a = ['a', { shape: [1], data: Float32Array.of(1) }] as const;
    const b = ['b', { shape: [1], data: Float32Array.of(2) }] as const;
    expect(writeSafetensors(new Map([a, b]), { x: '1', y: '2' })).toEqual(
      writeSafetensors(new Map([b, a]), { y: '2', x: '1' }),
    );
  });

  it('copies: neither the offset in a buffer nor later writes to the bytes matter', () => {
    const written = writeSafetensors(new Map([['a', { shape: [2], data: Float32Array.of(1, 2) }]]));
    const shifted = new Uint8Array(written.length + 3);
    shifted.set(written, 3);
    const bytes = shifted.subarray(3);
    const { tensors } = readSafetensors(bytes, 'f');
    bytes.fill(0);
    expect(tensors.get('a')?.data).toEqual(Float32Array.of(1, 2));
    expect(readSafetensors(Buffer.from(written), 'f').tensors.get('a')?.data).toEqual(Float32Array.of(1, 2));
  });

  const whole = writeSafetensors(new Map([['a', { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }]]), { k: 'v' });
  it('refuses the file cut at every length, and with a byte too many', () => {
    for (let length = 0; length < whole.length; length++) {
      expect(() => readSafetensors(whole.subarray(0, length), 'cut.safetensors'), `${length}`).toThrow(FoveaError);
    }
    const longer = new Uint8Array(whole.length + 1);
    longer.set(whole);
    expect(() => readSafetensors(longer, 'long.safetensors')).toThrow(/bytes of tensors/);
  });

  const hostile: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['a header of 2^63 bytes', file('{}', 0, 2 ** 63), /header/],
    ['a header of 65 MiB', file('{}', 0, 65 * 2 ** 20), /header/],
    ['a header of 0 bytes', file('', 0), /header/],
    ['a header longer than the file', file('{}', 0, 100), /header of 100 bytes/],
    ['no JSON', file('{]', 0), /JSON/],
    ['bytes that are no UTF-8', Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe), /JSON/],
    ['a list', file('[]', 0), /object/],
    ['space before the object', file(' {}', 0), /object/],
    ['a tensor that is a number', file({ a: 1 }, 0), /tensor 'a'/],
    ['a tensor that is null', file({ a: null }, 0), /tensor 'a'/],
    ['an unknown dtype', file({ a: { ...one, dtype: 'F8_E4M3' } }, 8), /dtype of tensor 'a'/],
    ['a dtype named as a method', file({ a: { ...one, dtype: 'toString' } }, 8), /dtype/],
    ['a negative size', file({ a: { ...one, shape: [-2] } }, 8), /shape/],
    ['two negative sizes', file({ a: { ...one, shape: [-2, -1] } }, 8), /shape/],
    ['a fractional size', file({ a: { ...one, shape: [0.5, 4] } }, 8), /shape/],
    ['a shape that is no list', file({ a: { ...one, shape: '2' } }, 8), /shape/],
    ['sizes whose product overflows', file({ a: { ...one, shape: [2 ** 32, 2 ** 32, 2 ** 2] } }, 8), /bytes/],
    [
      'sizes whose product is 2^64',
      file({ a: { dtype: 'U8', shape: [2 ** 32, 2 ** 32], data_offsets: [0, 0] } }, 0),
      /bytes/,
    ],
    ['zero times overflow', file({ a: { ...one, shape: [0, ...new Array(30).fill(2 ** 52)] } }, 8), /bytes/],
    ['33 dimensions', file({ a: { ...one, shape: new Array(33).fill(1) } }, 8), /shape/],
    ['offsets past the end', file({ a: { ...one, data_offsets: [0, 8] } }, 4), /data_offsets within 4/],
    ['offsets reversed', file({ a: { ...one, data_offsets: [8, 0] } }, 8), /data_offsets/],
    ['a negative offset', file({ a: { ...one, data_offsets: [-8, 0] } }, 8), /data_offsets/],
    ['a fractional offset', file({ a: { ...one, data_offsets: [0.5, 8.5] } }, 16), /data_offsets/],
    ['three offsets', file({ a: { ...one, data_offsets: [0, 4, 8] } }, 8), /data_offsets/],
    ['fewer bytes than the shape needs', file({ a: { ...one, shape: [3] } }, 8), /12 bytes/],
    ['an overlap', file({ a: one, b: { ...one, data_offsets: [4, 12] } }, 12), /overlap/],
    ['the same bytes twice', file({ a: one, b: one }, 8), /overlap/],
    ['a hole', file({ a: one, b: { ...one, data_offsets: [12, 20] } }, 20), /hole/],
    ['a hole at the start', file({ a: { ...one, data_offsets: [4, 12] } }, 12), /hole/],
    ['bytes after the last tensor', file({ a: one }, 12), /bytes/],
    [
      'a name twice',
      file(
        '{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}',
        0,
      ),
      /each name once/,
    ],
    [
      'a name twice, once escaped',
      file(
        '{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}',
        0,
      ),
      /each name once/,
    ],
    ['a dtype twice', file('{"a":{"dtype":"U8","dtype":"F32","shape":[0],"data_offsets":[0,0]}}', 0), /each name once/],
    ['metadata that is a list', file({ __metadata__: [] }, 0), /metadata/],
    ['metadata with a number', file({ __metadata__: { a: 1 } }, 0), /metadata 'a'/],
  ];
  for (const [what, bytes, message] of hostile) {
    it(`refuses ${what}`, () => {
      expect(() => readSafetensors(bytes, 'evil.safetensors')).toThrow(FoveaError);
      expect(() => readSafetensors(bytes, 'evil.safetensors')).toThrow(message);
      expect(() => readSafetensors(bytes, 'evil.safetensors')).toThrow(
        /Expected .* for .*'evil\.safetensors'.* but received/,
      );
    });
  }

  it('takes keys that look alike in different objects, and brackets in names', () => {
    const tricky = file(
      { '{"a":': one, 'b]': { dtype: 'U8', shape: [0], data_offsets: [8, 8] }, __metadata__: { dtype: 'x' } },
      8,
    );
    expect(readSafetensors(tricky, 'f').tensors.size).toBe(2);
  });
});
