/**
 * Numbers of 16 bits as float32, which holds each of them exactly. Little-endian, as safetensors stores them; `bytes`
 * need not be aligned.
 */

/** The smallest binary16: 2^-24. */
const smallest = 1 / 16777216;

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. Infinities and NaN stay such. */
export function float16ToFloat32(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = new Uint32Array(bytes.length >> 1);
  const result = new Float32Array(words.buffer);
  for (let i = 0; i < words.length; i++) {
    const bits = view.getUint16(2 * i, true);
    const sign = (bits & 0x8000) << 16;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 0) result[i] = (sign === 0 ? 1 : -1) * fraction * smallest;
    // Exponents count from 15 there and from 127 here; the largest means infinity or NaN in both.
    else words[i] = sign | ((exponent === 31 ? 255 : exponent + 112) << 23) | (fraction << 13);
  }
  return result;
}

/** bfloat16: the upper half of a float32. */
export function bfloat16ToFloat32(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = new Uint32Array(bytes.length >> 1);
  for (let i = 0; i < words.length; i++) words[i] = view.getUint16(2 * i, true) << 16;
  return new Float32Array(words.buffer);
}
