import { readFileSync } from 'node:fs';
import { PbfWriter } from 'pbf';
import { describe, expect, it } from 'vitest';
import { readClassifier, writeClassifier } from '../../src/core/classifier/file.ts';
import { FoveaError } from '../../src/core/errors.ts';
import { exportOnnx } from '../../src/core/export/onnx/export-onnx.ts';
import { int, ints, type OnnxAttributes } from '../../src/core/export/onnx/form.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from '../../src/core/formats/onnx/messages.ts';
import { writeOnnx } from '../../src/core/formats/onnx/write.ts';
import { readSafetensors } from '../../src/core/formats/safetensors.ts';
import { importOnnx } from '../../src/core/import/onnx/import-onnx.ts';
import { RandomStream } from '../../src/core/random.ts';
import { layerModels } from '../export/layer-models.ts';
import { sampleClassifier } from '../export/sample-classifier.ts';
import { mutate } from './mutate.ts';

/** Mutated files of each format: 300 in `npm test`, 10,000 in the acceptance runs. */
const mutations = Number(process.env.FOVEA_MUTATIONS ?? 300);

/** Reads it, or is refused in our words; within 1 s and 200 MB either way. @returns the message, if refused. */
function read(bytes: Uint8Array, how: (bytes: Uint8Array) => unknown, title = ''): string | undefined {
  const before = process.memoryUsage();
  const start = performance.now();
  let message: string | undefined;
  try {
    how(bytes);
  } catch (error) {
    if (!(error instanceof FoveaError)) throw new Error(`${title}: ${error}`, { cause: error });
    message = error.message;
    expect(message, title).toMatch(/^(Expected|Cannot) /);
    expect(message.length, title).toBeLessThan(1000);
  }
  const after = process.memoryUsage();
  expect(performance.now() - start, title).toBeLessThan(1000);
  expect(after.arrayBuffers - before.arrayBuffers, title).toBeLessThan(200 * 2 ** 20);
  expect(after.heapUsed - before.heapUsed, title).toBeLessThan(200 * 2 ** 20);
  return message;
}

const onnx = (bytes: Uint8Array): unknown => importOnnx(bytes, 'a.onnx');
const model = (bytes: Uint8Array): unknown => readClassifier(bytes, 'a.safetensors');

const node = (opType: string, inputs: string[], output: string, attributes: OnnxAttributes = {}): OnnxNode => ({
  name: output,
  opType,
  domain: '',
  inputs,
  outputs: [output],
  attributes: new Map(Object.entries(attributes)),
});
const weights = (name: string, dims: number[], count = dims.reduce((a, b) => a * b, 1)): OnnxTensor => ({
  name,
  dims,
  type: 'float32',
  data: new Float32Array(count).fill(0.1),
});
const shapeTensor = (name: string, sizes: number[]): OnnxTensor => ({
  name,
  dims: [sizes.length],
  type: 'int64',
  data: Float64Array.from(sizes),
});

function file(nodes: OnnxNode[], initializers: OnnxTensor[] = [], more: Partial<OnnxModel> = {}): Uint8Array {
  const input = { name: 'x', type: 'float32', dims: ['n', 3, 8, 8] } as const;
  const output = { name: 'y', type: 'float32', dims: ['n', 2] } as const;
  const whole = { producer: 'test', opset: 21, metadata: new Map(), inputs: [input], outputs: [output] };
  return writeOnnx({ ...whole, nodes, initializers, ...more }, 'hostile');
}

const flat = node('Flatten', ['x'], 'f');
const head = (from: string): OnnxNode => node('Gemm', [from, 'w'], 'y', { transB: int(1) });
const deep = (depth: number): Uint8Array => {
  // A subgraph in an attribute of a node of a subgraph, and so on: bytes by hand, from the inside out.
  let inner: Uint8Array = new Uint8Array(0);
  const wrap = (field: number, content: Uint8Array): Uint8Array => {
    const writer = new PbfWriter();
    writer.writeBytesField(field, content);
    return writer.finish();
  };
  for (let i = 0; i < depth; i++) inner = wrap(1, wrap(5, wrap(6, inner)));
  const writer = new PbfWriter();
  writer.writeVarintField(1, 10);
  writer.writeBytesField(7, inner);
  return writer.finish();
};
const external = (): Uint8Array => {
  const tensor = new PbfWriter();
  tensor.writeVarintField(1, 4);
  tensor.writeVarintField(2, 1);
  tensor.writeStringField(8, 'w');
  tensor.writeMessage(
    13,
    (path: string, writer) => {
      writer.writeStringField(1, 'location');
      writer.writeStringField(2, path);
    },
    '../../etc/passwd',
  );
  tensor.writeVarintField(14, 1);
  const graph = new PbfWriter();
  graph.writeBytesField(5, tensor.finish());
  const whole = new PbfWriter();
  whole.writeVarintField(1, 10);
  whole.writeBytesField(7, graph.finish());
  return whole.finish();
};
const good = file([flat, head('f')], [weights('w', [2, 192])]);

describe('hostile ONNX files', () => {
  it('names of any length make no sentence longer than a person reads', () => {
    const long = 'w'.repeat(100_000);
    const wrong = file([flat, node('Gemm', ['f', long], 'y', { transB: int(1) })], [weights(long, [2, 7])]);
    expect(read(wrong, onnx)!.length).toBeLessThan(500);
    expect(read(file([node(long, ['x'], long)]), onnx)!.length).toBeLessThan(500);
    expect(read(file([flat, { ...head('f'), inputs: ['f', long] }]), onnx)!.length).toBeLessThan(500);
  });

  it('a harmless one is read', () => expect(read(good, onnx)).toBeUndefined());

  const chain = (length: number): OnnxNode[] =>
    Array.from({ length }, (_, i) => node('Relu', [i === 0 ? 'x' : `r${i - 1}`], `r${i}`));

  it.each<[string, () => Uint8Array, RegExp]>([
    ['nothing', () => new Uint8Array(0), /without a graph/],
    ['text', () => new TextEncoder().encode('<!DOCTYPE html><html></html>'), /other bytes|fields|length|without/],
    ['cut short', () => good.slice(0, good.length - 7), /leads out of it/],
    [
      'a tensor of 10^12 elements',
      () => file([flat, head('f')], [weights('w', [1e6, 1e6], 4)]),
      /10{12} elements .* received 4/,
    ],
    [
      'dimensions beyond 2^53',
      () => file([flat, head('f')], [weights('w', [2 ** 40, 2 ** 40], 4)]),
      /elements|dimensions/,
    ],
    ['negative dimensions', () => file([flat, head('f')], [weights('w', [-2, -192], 384)]), /at least 0/],
    [
      'a picture of 10^6 x 10^6',
      () =>
        file([flat, head('f')], [weights('w', [2, 192])], {
          inputs: [{ name: 'x', type: 'float32', dims: ['n', 3, 1e6, 1e6] }],
        }),
      /at most 4096x4096/,
    ],
    [
      'padding of 10^9',
      () =>
        file(
          [node('Pad', ['x', 'p'], 'q'), node('Flatten', ['q'], 'f'), head('f')],
          [shapeTensor('p', [0, 0, 1e9, 1e9, 0, 0, 1e9, 1e9]), weights('w', [2, 192])],
        ),
      /at most \d+ numbers/,
    ],
    [
      'a constant of 10^12',
      () =>
        file(
          [node('ConstantOfShape', ['s'], 'c'), flat, node('Add', ['f', 'c'], 'g'), head('g')],
          [shapeTensor('s', [1e6, 1e6]), weights('w', [2, 192])],
        ),
      /a small constant/,
    ],
    [
      'constants that grow and grow',
      () =>
        file(
          [
            ...Array.from({ length: 40 }, (_, i) =>
              node('Concat', [i === 0 ? 'w' : `c${i - 1}`, i === 0 ? 'w' : `c${i - 1}`], `c${i}`, { axis: int(0) }),
            ),
            flat,
            node('Gemm', ['f', 'c39'], 'y', { transB: int(1) }),
          ],
          [weights('w', [2, 192])],
        ),
      /a small constant/,
    ],
    [
      'a shape of 40 dimensions',
      () =>
        file(
          [node('Unsqueeze', ['w', 'a'], 'v'), node('Add', ['v', 'v'], 'z'), flat, node('MatMul', ['f', 'z'], 'y')],
          [
            shapeTensor(
              'a',
              Array.from({ length: 30 }, (_, i) => i),
            ),
            weights('w', [192, 2]),
          ],
        ),
      /a small constant/,
    ],
    [
      'a circle',
      () =>
        file(
          [node('Relu', ['b'], 'a'), node('Relu', ['a'], 'b'), node('Flatten', ['a'], 'f'), head('f')],
          [weights('w', [2, 192])],
        ),
      /a circle/,
    ],
    ['an operator that reads itself', () => file([node('Relu', ['y'], 'y')]), /a circle/],
    ['a value that nothing gives', () => file([node('Relu', ['z'], 'y')]), /'z', which nothing gives/],
    ['a value twice', () => file([flat, node('Relu', ['x'], 'f'), head('f')], [weights('w', [2, 192])]), /'f' twice/],
    ['weights in another file', external, /another file, which are not followed/],
    ['subgraphs 5,000 deep', () => deep(5000), /./],
    [
      'an operator that is not known',
      () => file([node('Loop\u001b[2J\n', ['x'], 'y')]),
      /received Loop\\x1b\[2J\\x0a \(the first is/,
    ],
    [
      'an operator of another domain',
      () => file([{ ...node('FusedConv', ['x'], 'y'), domain: 'com.microsoft' }]),
      /com\.microsoft\.FusedConv/,
    ],
    [
      'inputs that are missing',
      () => file([node('Conv', ['x'], 'c'), node('Flatten', ['c'], 'f'), head('f')], [weights('w', [2, 192])]),
      /constant weights .* received none/,
    ],
    [
      'an addition of one input',
      () => file([node('Add', ['w'], 'c'), flat, node('MatMul', ['f', 'c'], 'y')], [weights('w', [192, 2])]),
      /2 inputs/,
    ],
    ['weights that do not fit', () => file([flat, head('f')], [weights('w', [2, 191])]), /191 features/],
    [
      'groups of 10^9',
      () =>
        file(
          [node('Conv', ['x', 'k'], 'c', { group: int(1e9) }), node('Flatten', ['c'], 'f'), head('f')],
          [weights('k', [2, 3, 1, 1]), weights('w', [2, 192])],
        ),
      /groups/,
    ],
    [
      'strides of 0',
      () =>
        file(
          [node('Conv', ['x', 'k'], 'c', { strides: ints([0, 0]) }), node('Flatten', ['c'], 'f'), head('f')],
          [weights('k', [2, 3, 1, 1]), weights('w', [2, 192])],
        ),
      /strides/,
    ],
    [
      'a window of 10^9',
      () =>
        file(
          [node('MaxPool', ['x'], 'c', { kernel_shape: ints([1e9, 1e9]) }), node('Flatten', ['c'], 'f'), head('f')],
          [weights('w', [2, 192])],
        ),
      /feature map of at least|window|kernel/i,
    ],
    [
      'one weight of 1 MB in 2,000 layers',
      () => {
        const nodes = Array.from({ length: 2000 }, (_, i) => node('Gemm', [i === 0 ? 'f' : `g${i - 1}`, 'k'], `g${i}`));
        return file(
          [
            flat,
            node('Gemm', ['f', 'j'], 'f2'),
            ...nodes.map((one, i) => (i === 0 ? { ...one, inputs: ['f2', 'k'] } : one)),
            node('Gemm', ['g1999', 'w'], 'y'),
          ],
          [weights('k', [512, 512]), weights('j', [192, 512]), weights('w', [512, 2])],
        );
      },
      /weights about as large as the file/,
    ],
    ['1 class', () => file([flat, head('f')], [weights('w', [1, 192])]), /at least 2 classes/],
    [
      'two inputs',
      () =>
        file([node('Add', ['x', 'z'], 'y')], [], {
          inputs: [
            { name: 'x', type: 'float32', dims: ['n', 3, 8, 8] },
            { name: 'z', type: 'float32', dims: ['n', 3, 8, 8] },
          ],
        }),
      /one input/,
    ],
    [
      'class names that are no names',
      () => file([flat, head('f')], [weights('w', [2, 192])], { metadata: new Map([['fovea.classes', '{"a":1}']]) }),
      /fovea\.classes/,
    ],
  ])('%s', (title, bytes, expected) => {
    expect(read(bytes(), onnx, title)).toMatch(expected);
  });

  it('4,900 operators in a row are read at once', () => {
    const nodes = [...chain(4900), node('Flatten', ['r4899'], 'f'), head('f')];
    read(file(nodes, [weights('w', [2, 192])]), onnx, 'a chain');
  });

  it('more operators than a classifier has are refused', () => {
    const nodes = [...chain(30_000), node('Flatten', ['r29999'], 'f'), head('f')];
    expect(read(file(nodes, [weights('w', [2, 192])]), onnx)).toMatch(/at most 5000 operators/);
  });
});

/** 8 bytes of length, the header, the tensors' bytes. */
function safetensors(header: unknown, body = new Uint8Array(16), length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(body, 8 + text.length);
  return bytes;
}

const f32 = (shape: number[], begin: number, end: number) => ({ dtype: 'F32', shape, data_offsets: [begin, end] });

describe('hostile safetensors files', () => {
  it.each<[string, () => Uint8Array, RegExp]>([
    ['overlapping tensors', () => safetensors({ a: f32([3], 0, 12), b: f32([2], 8, 16) }), /do not overlap/],
    [
      'a thousand tensors over the same 10 MB',
      () => {
        const size = 10 * 2 ** 20;
        const names = Array.from({ length: 1000 }, (_, i) => [`t${i}`, f32([size / 4], 0, size)]);
        return safetensors(Object.fromEntries(names), new Uint8Array(size));
      },
      /do not overlap/,
    ],
    ['a hole', () => safetensors({ a: f32([1], 0, 4), b: f32([1], 12, 16) }), /without holes/],
    ['a header of 2^63 bytes', () => safetensors({}, undefined, 2n ** 63n), /safetensors header/],
    ['a header longer than the file', () => safetensors({}, undefined, 1_000_000n), /header of 1000000 bytes/],
    ['10^12 elements', () => safetensors({ a: f32([1e6, 1e6], 0, 16) }), /4000000000000 bytes/],
    [
      'a shape that multiplies to 0 x Infinity',
      () => safetensors({ a: f32([0, 1e308], 0, 16) }),
      /whole numbers|bytes/,
    ],
    ['a header nested 100,000 deep', () => safetensors(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`), /./],
    [
      'a name twice',
      () =>
        safetensors(
          '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}',
        ),
      /'a' twice/,
    ],
    ['__proto__', () => safetensors('{"__proto__":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}'), /./],
  ])('%s', (title, bytes, expected) => {
    expect(read(bytes(), model, title) ?? 'read').toMatch(expected);
  });

  it('a header of 60 MB of small entries is refused at once', () => {
    const entry = '"t":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},';
    expect(read(safetensors(`{${entry.repeat(1_100_000)}"u":1}`), model)).toMatch(/^Expected/);
  });
});

describe('mutated model files', () => {
  const targets = async (): Promise<[string, (bytes: Uint8Array) => unknown, Uint8Array][]> => {
    const small = await sampleClassifier(layerModels('multiply')[1].model);
    const golden = readFileSync(new URL('../golden/data/onnx/squeeze-11.onnx', import.meta.url));
    return [
      ['ONNX of our own', onnx, Uint8Array.from(exportOnnx(small, { withPreprocessing: true, softmax: true }))],
      ['ONNX of PyTorch', onnx, Uint8Array.from(golden)],
      ['safetensors', model, Uint8Array.from(writeClassifier(small))],
    ];
  };

  it(`${mutations} times each: read or refused in our words`, { timeout: 3_600_000 }, async () => {
    for (const [name, how, content] of await targets()) {
      expect(read(content, how, name)).toBeUndefined();
      const random = new RandomStream(5, 'sample', name.length);
      let refused = 0;
      for (let i = 0; i < mutations; i++) {
        if (read(mutate(content, random), how, `mutation ${i} of ${name}`) !== undefined) refused++;
      }
      expect(refused, name).toBeGreaterThan(mutations / 10);
    }
    expect(() => readSafetensors(new Uint8Array(3), 'a')).toThrow(FoveaError);
  });
});
