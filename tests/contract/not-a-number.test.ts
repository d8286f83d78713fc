import { describe, expect, it } from 'vitest';
import { buildModel } from '../../src/core/model/build.ts';
import * as layer from '../../src/core/model/builder.ts';
import { adapt } from '../../src/core/model/spec.ts';
import { initializeWeights } from '../../src/core/model/weights.ts';
import { createEngine } from '../../src/node/engine.ts';

const side = 8;
const channels = 16;
const stacks = {
  'pooling 2x2': [layer.maxPool2d(2)],
  'pooling 3x3': [layer.maxPool2d(3, { stride: 1, padding: 1 })],
  'a direct convolution that pools': [layer.conv2d(16, { kernelSize: 1 }), layer.relu(), layer.maxPool2d(2)],
  'Winograd that pools': [layer.conv2d(16, { kernelSize: 3, padding: 1 }), layer.relu(), layer.maxPool2d(2)],
  'relu alone': [layer.relu()],
  'relu6 after a sum': [layer.residual([]), layer.relu6()],
};

/** Where the result is NaN when the input's pixel at `place` is. */
async function spoil(stack: readonly layer.Part[], place: number, width: number): Promise<number[]> {
  const engine = await createEngine({ inline: true });
  try {
    const pixels = width * width;
    const data = { input: [side, side, channels], classes: pixels * channels };
    const spec = adapt(layer.sequential([...stack, layer.flatten()]), data);
    const model = buildModel(spec, { training: false, inputType: 'float32' });
    const program = await engine.compile(model.graph, { capacity: 1, outputs: [model.logits] });
    initializeWeights(engine, model.parameters, 1);
    const input = Float32Array.from({ length: side * side * channels }, (_, i) => ((i * 37) % 19) - 9);
    input.fill(Number.NaN, place * channels, (place + 1) * channels);
    program.write(model.input, input);
    await program.run(1);
    const result = program.read(model.logits) as Float32Array;
    // Flattened channel by channel.
    const isBad = (pixel: number) => result.every((v, i) => i % pixels !== pixel || Number.isNaN(v));
    return Array.from({ length: pixels }, (_, i) => i).filter(isBad);
  } finally {
    await engine.dispose();
  }
}

describe('a value that is no number', () => {
  it.each(Object.keys(stacks) as (keyof typeof stacks)[])('stays visible through %s', async (name) => {
    for (const place of [0, 1, side, side + 1]) {
      const scale = /2x2|pools/.test(name) ? 2 : 1;
      const width = side / scale;
      const bad = await spoil(stacks[name], place, width);
      const own = Math.floor(Math.floor(place / side) / scale) * width + Math.floor((place % side) / scale);
      expect(bad, `pixel ${place}`).toContain(own);
    }
  });
});
