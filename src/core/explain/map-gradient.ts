import { differentiate } from '../autodiff/differentiate.ts';
import type { Value } from '../graph/graph.ts';
import { buildModel } from '../model/build.ts';
import { type Network, seedOf } from './network.ts';

/**
 * A layer's map of one picture and the gradient of Σ seed · logits by it. The way back ends at that layer: of the last map
 * it costs little more than classifying, where `Network.gradients` goes back to the picture and keeps every layer.
 *
 * @param picture normalised, [height, width, channels]. @param seed a number for each logit.
 * @returns undefined where the layer hands on the picture itself.
 */
export function mapGradient(
  network: Network,
  layer: string,
  picture: Float32Array,
  seed: Float32Array,
): Promise<{ readonly map: Float32Array; readonly gradient: Float32Array } | undefined> {
  return network.exclusively(async () => {
    const { model, program, values } = await network.compiled(`map ${layer}`, async () => {
      const built = buildModel(network.classifier.model, { training: false, inputType: 'float32' });
      const map = built.layerOutputs.get(layer) as Value;
      const seeds = seedOf(built, built.logits);
      const gradient = differentiate(built.graph, { of: built.logits, seed: seeds, wanted: [map] }).get(map);
      const outputs = [built.logits, map, gradient].filter((value) => value?.role === 'intermediate') as Value[];
      return network.compile(built, [...new Set(outputs)], 1, { map, gradient, seeds });
    });
    if (values.map.role !== 'intermediate') return undefined;
    program.write(model.input, picture);
    program.write(values.seeds, seed);
    await program.run(1);
    const map = program.read(values.map);
    const { gradient } = values;
    if (gradient === values.seeds) return { map, gradient: seed.slice() };
    return { map, gradient: gradient ? program.read(gradient) : new Float32Array(map.length) };
  });
}
