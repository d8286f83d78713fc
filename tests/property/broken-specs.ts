import fc from 'fast-check';
import { layers as allLayers } from '../../src/core/layers/index.ts';
import type { ModelSpec } from '../../src/core/model/spec.ts';
import { anySpec } from './specs.ts';

const deep = (): unknown => JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`);

/** What a careless or an ill-meaning hand writes in the place of a value. */
const oddValues: readonly (() => unknown)[] = [
  () => null,
  () => -1,
  () => 0,
  () => 1.5,
  () => 1e308,
  () => 2 ** 53,
  () => 2147483647,
  () => 1e9,
  () => '',
  () => 'same',
  () => '__proto__',
  () => 'x'.repeat(5000),
  () => true,
  () => [],
  () => [3],
  () => [3, 3, 3],
  () => [1e9, 1],
  () => ({}),
  () => JSON.parse('{"__proto__": {"polluted": 1}}'),
  () => ({ constructor: { prototype: 1 } }),
  deep,
  () => ({ length: 2, 0: 1, 1: 1 }),
];

type Json = Record<string, unknown>;

/** One change to a model that was right. Some leave it right: what then comes out is a model, never a crash. */
const mutations: readonly ((spec: Json, pick: (n: number) => number) => void)[] = [
  (spec, pick) => {
    const keys = ['format', 'version', 'name', 'input', 'classes', 'layers', 'extra', '__proto__'];
    Object.defineProperty(spec, keys[pick(keys.length)], {
      value: odd(pick),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  },
  (spec, pick) => void delete spec[['format', 'version', 'input', 'classes', 'layers'][pick(5)]],
  (spec, pick) => {
    const layer = layerAt(spec, pick);
    const keys = [...Object.keys(layer), 'kernelSize', 'channels', 'inputs', 'padding', 'groups', 'features', 'new'];
    Object.defineProperty(layer, keys[pick(keys.length)], {
      value: odd(pick),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  },
  (spec, pick) => {
    const layer = layerAt(spec, pick);
    const keys = Object.keys(layer);
    delete layer[keys[pick(keys.length)]];
  },
  (spec, pick) => void (layerAt(spec, pick).type = allLayers[pick(allLayers.length)].type),
  (spec, pick) => void (layerAt(spec, pick).id = layerAt(spec, pick).id),
  // A cycle, or what reads itself or what comes later.
  (spec, pick) => void (layerAt(spec, pick).inputs = [layerAt(spec, pick).id, layerAt(spec, pick).id].slice(pick(2))),
  (spec, pick) => void listOf(spec).splice(pick(listOf(spec).length), 1),
  (spec, pick) => {
    const layers = listOf(spec);
    const at = pick(layers.length);
    layers.splice(pick(layers.length), 0, ...layers.splice(at, 1));
  },
  (spec, pick) => void listOf(spec).splice(pick(listOf(spec).length), 0, odd(pick)),
  (spec, pick) =>
    void (spec.input = [
      [1, 1, 1],
      [1, 40, 3],
      [65536, 65536, 65536],
      [2, 2, 1],
    ][pick(4)]),
  (spec, pick) => void (layerAt(spec, pick).kernelSize = 1 + pick(20)),
  (spec, pick) => void (layerAt(spec, pick).channels = [1, 7, 4096, 2000000000][pick(4)]),
  // An object within itself, as no JSON can be, but a caller's can.
  (spec, pick) => void (layerAt(spec, pick).kernelSize = spec),
];

const odd = (pick: (n: number) => number): unknown => oddValues[pick(oddValues.length)]();
/** The layers, where there are still any. */
const listOf = (spec: Json): unknown[] => (Array.isArray(spec.layers) ? spec.layers : []);
const layerAt = (spec: Json, pick: (n: number) => number): Json => {
  const layers = spec.layers;
  if (!Array.isArray(layers) || layers.length === 0) return {};
  const layer: unknown = layers[pick(layers.length)];
  return typeof layer === 'object' && layer !== null ? (layer as Json) : {};
};

/** A model with one to three mistakes in it, most of which nobody can build. */
export const brokenSpec: fc.Arbitrary<unknown> = fc
  .tuple(anySpec, fc.noBias(fc.array(fc.nat({ max: 9999 }), { minLength: 4, maxLength: 18 })))
  .map(([spec, choices]) => {
    const broken = JSON.parse(JSON.stringify(spec)) as ModelSpec as unknown as Json;
    let at = 0;
    const pick = (n: number): number => (choices[at++] ?? 0) % Math.max(1, n);
    for (let times = 1 + pick(3); times > 0; times--) mutations[pick(mutations.length)](broken, pick);
    return broken;
  });
