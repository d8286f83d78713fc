import { describe, expect, it } from 'vitest';
import { bfloat16ToFloat32, float16ToFloat32 } from './half.ts';
import { readSafetensors } from './safetensors.ts';

/** All 65,536 numbers of 16 bits, at an odd offset. */
const all = new Uint8Array(1 + 2 * 65536).subarray(1);
for (let bits = 0; bits < 65536; bits++) all.set([bits & 255, bits >> 8], 2 * bits);

describe('numbers of 16 bits', () => {
  it('are read exactly: every float16', () => {
    const floats = float16ToFloat32(all);
    for (let bits = 0; bits < 65536; bits++) {
      // IEEE 754-2019, 3.4: (-1)^s x 2^(e-15) x 1.f, or 2^-14 x 0.f where e is 0.
      const [s, e, f] = [bits >> 15, (bits >> 10) & 31, bits & 1023];
      const size = e === 0 ? (f / 1024) * 2 ** -14 : (1 + f / 1024) * 2 ** (e - 15);
      const value = e === 31 ? (f === 0 ? Number.POSITIVE_INFINITY : Number.NaN) : size;
      if (!Object.is(floats[bits], s ? -value : value)) throw new Error(`${bits}: ${floats[bits]} is not ${value}`);
    }
    expect(floats.length).toBe(65536);
  });

  it('are read exactly: every bfloat16, as the upper half of a float32', () => {
    const floats = bfloat16ToFloat32(all);
    const words = new Uint32Array(floats.buffer);
    for (let bits = 0; bits < 65536; bits++) if (words[bits] !== bits * 65536) throw new Error(`${bits}`);
    expect(floats[0x3f80]).toBe(1);
  });

  it('come out of a safetensors file as float32', () => {
    const header = JSON.stringify({
      a: { dtype: 'F16', shape: [2], data_offsets: [0, 4] },
      b: { dtype: 'BF16', shape: [1], data_offsets: [4, 6] },
    });
    const bytes = new Uint8Array(8 + header.length + 6);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(new TextEncoder().encode(header), 8);
    bytes.set([0x00, 0x3c, 0x01, 0x00, 0xc0, 0xbf], 8 + header.length);
    const { tensors } = readSafetensors(bytes, 'f');
    expect(tensors.get('a')).toEqual({ shape: [2], dtype: 'F16', data: Float32Array.of(1, 2 ** -24) });
    expect(tensors.get('b')).toEqual({ shape: [1], dtype: 'BF16', data: Float32Array.of(-1.5) });
  });
});
