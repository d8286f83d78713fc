import { PbfWriter } from 'pbf';
import { describe, expect, it } from 'vitest';
import type { OnnxModel } from './messages.ts';
import { readOnnx } from './read.ts';
import { writeOnnx } from './write.ts';

const model: OnnxModel = {
  producer: 'test',
  opset: 21,
  nodes: [
    {
      name: 'n',
      opType: 'Conv',
      domain: '',
      inputs: ['x', 'w', ''],
      outputs: ['y'],
      attributes: new Map([
        ['strides', { kind: 'ints', value: [1, -2, 2 ** 40] }],
        ['alpha', { kind: 'float', value: 0.25 }],
        ['axis', { kind: 'int', value: -1 }],
        ['mode', { kind: 'string', value: 'größer' }],
        ['scales', { kind: 'floats', value: [0.5, -1] }],
        ['value', { kind: 'tensor', value: { name: '', dims: [], type: 'int64', data: Float64Array.of(-3) } }],
      ]),
    },
  ],
  initializers: [
    { name: 'w', dims: [2, 2], type: 'float32', data: Float32Array.of(1, -2, 3.5, 1e-40) },
    { name: 's', dims: [2], type: 'int64', data: Float64Array.of(-1, 2 ** 52) },
  ],
  inputs: [{ name: 'x', type: 'uint8', dims: ['batch', 3, undefined, 8] }],
  outputs: [{ name: 'y', type: 'float32', dims: ['batch', 2] }],
  metadata: new Map([['fovea.classes', '["a","b"]']]),
};

/** A model around one tensor, its fields as given. */
function withTensor(write: (writer: PbfWriter) => void): Uint8Array {
  const tensor = new PbfWriter();
  tensor.writeStringField(8, 't');
  write(tensor);
  const graph = new PbfWriter();
  graph.writeBytesField(5, tensor.finish());
  const opset = new PbfWriter();
  opset.writeVarintField(2, 17);
  const whole = new PbfWriter();
  whole.writeVarintField(1, 8);
  whole.writeBytesField(7, graph.finish());
  whole.writeBytesField(8, opset.finish());
  return whole.finish();
}

describe('ONNX files', () => {
  it('are read as they were written', () => {
    expect(readOnnx(writeOnnx(model, 'g'), 'a.onnx')).toEqual(model);
  });

  it('are the same bytes each time', () => {
    expect(writeOnnx(model, 'g')).toEqual(writeOnnx(model, 'g'));
  });

  it('tensors in all the places that the standard has for them', () => {
    const read = (write: (writer: PbfWriter) => void) => readOnnx(withTensor(write), 'a.onnx').initializers[0];
    const packed = read((writer) => {
      writer.writePackedVarint(1, [3]);
      writer.writeVarintField(2, 1);
      writer.writePackedFloat(4, [1, 2, 0.5]);
    });
    expect(packed.data).toEqual(Float32Array.of(1, 2, 0.5));
    const singly = read((writer) => {
      writer.writeVarintField(1, 2);
      writer.writeVarintField(2, 1);
      writer.writeFloatField(4, 7);
      writer.writeFloatField(4, 8);
    });
    expect(singly.data).toEqual(Float32Array.of(7, 8));
    const double = read((writer) => {
      writer.writeVarintField(1, 1);
      writer.writeVarintField(2, 11);
      writer.writePackedDouble(10, [0.1]);
    });
    expect(double.data).toEqual(Float32Array.of(0.1));
    const whole = read((writer) => {
      writer.writeVarintField(1, 2);
      writer.writeVarintField(2, 7);
      writer.writePackedVarint(7, [-1, 5]);
    });
    expect(whole).toMatchObject({ type: 'int64', data: Float64Array.of(-1, 5) });
    const half = read((writer) => {
      writer.writeVarintField(1, 6);
      writer.writeVarintField(2, 10);
      writer.writeBytesField(9, new Uint8Array(Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x3555).buffer));
    });
    expect([...half.data!]).toEqual([1, -2, 2 ** -24, 65504, Infinity, Math.fround(0.333251953125)]);
  });

  it('what no known operator takes is left unread, and told', () => {
    const [tensor] = readOnnx(
      withTensor((writer) => {
        writer.writeVarintField(1, 1);
        writer.writeVarintField(2, 17);
      }),
      'a.onnx',
    ).initializers;
    expect(tensor).toMatchObject({ type: 'other', why: 'elements of type 17' });
  });

  it('operators of an old opset are refused', () => {
    const old = writeOnnx({ ...model, opset: 6 }, 'g');
    expect(() => readOnnx(old, 'a.onnx')).toThrow(/opset 7 or later for file 'a\.onnx' but received version 6/);
  });
});
