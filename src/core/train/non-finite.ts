import type { Engine } from '../backend/backend.ts';
import { FoveaError } from '../errors.ts';
import { buildModel, type Normalisation, type ParameterInfo } from '../model/build.ts';
import type { ModelSpec } from '../model/spec.ts';
import type { Algorithm } from '../plan/lowering.ts';

/** A training came to numbers that are not finite. Nothing was saved after the last good checkpoint. */
export class NonFiniteError extends FoveaError {
  readonly epoch: number;
  /** From 1, in the epoch. */
  readonly step: number;
  /** The first layer, in the order of the model, with a value that is not finite; undefined when none was found. */
  readonly layer: string | undefined;

  constructor(
    received: number,
    place: { readonly epoch: number; readonly step: number },
    found: NonFinite | undefined,
  ) {
    const where = found
      ? `; the first value that is not finite is in ${found.what} of layer '${found.layer}'`
      : '; the layers before the loss are finite';
    super(
      `Expected a finite loss for epoch ${place.epoch}, step ${place.step} but received ${received}${where}`,
      'Try a lower learning rate',
    );
    this.epoch = place.epoch;
    this.step = place.step;
    this.layer = found?.layer;
  }

  /** For the record. */
  get place(): { epoch: number; step: number; layer?: string } {
    const { epoch, step, layer } = this;
    return { epoch, step, ...(layer === undefined ? {} : { layer }) };
  }
}

export interface NonFinite {
  readonly layer: string;
  /** `the weights ('conv1.weight')` or `the output`. */
  readonly what: string;
}

/** Index of the first NaN or infinity; -1 when all are finite. */
export function firstNonFinite(values: Float32Array): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}

/**
 * Runs one batch through the model with the weights that the engine holds and every layer's output kept, and finds the
 * first layer whose weights or output are not finite. Running statistics change; the training is over anyway.
 */
export async function findNonFinite(
  engine: Engine,
  spec: ModelSpec,
  preprocessing: Normalisation,
  batch: { readonly n: number; readonly pixels: Uint8Array; readonly step: Int32Array; readonly training: boolean },
  algorithm?: Algorithm,
): Promise<NonFinite | undefined> {
  const model = buildModel(spec, { training: batch.training, inputType: 'uint8', preprocessing });
  const parametersBefore = new Map(
    model.layers.map(({ id, parameters }) => [id, nonFiniteParameter(engine, parameters)] as const),
  );
  const program = await engine.compile(model.graph, {
    capacity: batch.n,
    outputs: [...new Set(model.layerOutputs.values())].filter(({ node }) => node !== undefined),
    fuse: false,
    algorithm,
  });
  program.write(model.input, batch.pixels);
  if (model.step) program.write(model.step, batch.step);
  await program.run(batch.n);
  for (const { id, output } of model.layers) {
    const parameter = parametersBefore.get(id);
    if (parameter !== undefined) return { layer: id, what: `the weights ('${parameter}')` };
    if (output.node && firstNonFinite(program.read(output)) >= 0) return { layer: id, what: 'the output' };
  }
  return undefined;
}

function nonFiniteParameter(engine: Engine, parameters: readonly ParameterInfo[]): string | undefined {
  return parameters.find(({ name }) => firstNonFinite(engine.readPersistent(name)) >= 0)?.name;
}
