import { differentiate } from '../autodiff/differentiate.ts';
import type { Engine, Program } from '../backend/backend.ts';
import type { Classifier } from '../classifier/classifier.ts';
import { elementCount, type Value } from '../graph/graph.ts';
import { type BuiltModel, buildModel } from '../model/build.ts';
import { loadWeights } from '../model/weights.ts';
import { sizeOf } from '../shape.ts';

/** What one picture gives, layer by layer. */
export interface Activations {
  readonly logits: Float32Array;
  /** By layer id, [height, width, channels] or [features]. */
  readonly layers: ReadonlyMap<string, Float32Array>;
}

/** Gradients of Σ seed · logits for one picture. */
export interface Gradients extends Activations {
  /** By layer id, as the layer's output; zeros where no gradient reaches it. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
  /** By the normalised picture. */
  readonly input: Float32Array;
}

/** Gradients by the normalised pictures of a batch. */
export interface InputGradients {
  /** [pictures, classes]. */
  readonly logits: Float32Array;
  /** [pictures, height, width, channels]. */
  readonly gradients: Float32Array;
}

/** Numbers that the activations of one batch may have: 256 MB of workspace, about. */
const mostActivations = 2 ** 26;
const mostPictures = 32;

interface Compiled<T> {
  readonly model: BuiltModel;
  readonly program: Program;
  readonly values: T;
}

/**
 * A classifier's network in an engine, for looking into it. Pictures are normalised already (`normalise` in session.ts);
 * programs are compiled when first needed and kept, all share one copy of the weights. Calls wait for each other, so
 * they may be made at any time.
 */
export class Network {
  readonly model: BuiltModel;
  /** Pictures a run of `logits` and `inputGradients`. */
  readonly capacity: number;
  /** Numbers in all layers' outputs for one picture. */
  readonly numbersOfPicture: number;
  private readonly programs = new Map<string, Promise<Compiled<unknown>>>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly engine: Engine,
    readonly classifier: Classifier,
  ) {
    this.model = this.build();
    this.numbersOfPicture = this.model.layers.reduce(
      (sum, { output }) => sum + sizeOf(output.shape),
      sizeOf(this.model.input.shape),
    );
    this.capacity = Math.max(1, Math.min(mostPictures, Math.floor(mostActivations / this.numbersOfPicture)));
  }

  /** What every layer gives for one picture. */
  activations(picture: Float32Array): Promise<Activations> {
    return this.exclusively(async () => {
      const { model, program } = await this.compiled('activations', async () => {
        const built = this.build();
        const outputs = distinct([...built.layerOutputs.values(), built.logits]);
        return this.compile(built, outputs, 1, undefined);
      });
      program.write(model.input, picture);
      await program.run(1);
      return { logits: program.read(model.logits), layers: readLayers(program, model) };
    });
  }

  /** @param seed a number for each logit: 1 for the class that is asked about, else 0. */
  gradients(picture: Float32Array, seed: Float32Array): Promise<Gradients> {
    return this.exclusively(async () => {
      const { model, program, values } = await this.compiled('gradients', async () => {
        const built = this.build();
        const layers = [built.input, ...distinct([...built.layerOutputs.values()])];
        const seeds = seedOf(built, built.logits);
        const found = differentiate(built.graph, { of: built.logits, seed: seeds, wanted: layers });
        const outputs = distinct([...built.layerOutputs.values(), built.logits, ...computed(found.values())]);
        return this.compile(built, outputs, 1, { seed: seeds, found });
      });
      program.write(model.input, picture);
      program.write(values.seed, seed);
      await program.run(1);
      const gradientOf = (value: Value): Float32Array => {
        const gradient = values.found.get(value);
        if (gradient === values.seed) return seed.slice();
        return gradient ? program.read(gradient) : new Float32Array(elementCount(value, 1));
      };
      return {
        logits: program.read(model.logits),
        layers: readLayers(program, model),
        gradients: new Map([...model.layerOutputs].map(([id, value]) => [id, gradientOf(value)])),
        input: gradientOf(model.input),
      };
    });
  }

  /** Gradients of Σ seed · logits by the pictures alone, many at a time. @param seeds [pictures, classes]. */
  async inputGradients(pictures: readonly Float32Array[], seeds: readonly Float32Array[]): Promise<InputGradients> {
    const classes = this.classifier.classNames.length;
    const size = sizeOf(this.model.input.shape);
    const result = {
      logits: new Float32Array(pictures.length * classes),
      gradients: new Float32Array(pictures.length * size),
    };
    for (let from = 0; from < pictures.length; from += this.capacity) {
      const batch = pictures.slice(from, from + this.capacity);
      await this.exclusively(async () => {
        const { model, program, values } = await this.compiled('inputGradients', async () => {
          const built = this.build();
          const seed = seedOf(built, built.logits);
          const gradient = differentiate(built.graph, { of: built.logits, seed, wanted: [built.input] }).get(
            built.input,
          );
          const outputs = [built.logits, ...(gradient ? [gradient] : [])];
          return this.compile(built, outputs, this.capacity, { seed, gradient });
        });
        program.write(model.input, joined(batch, size));
        program.write(values.seed, joined(seeds.slice(from, from + batch.length), classes));
        await program.run(batch.length);
        result.logits.set(program.read(model.logits), from * classes);
        if (values.gradient) result.gradients.set(program.read(values.gradient), from * size);
      });
    }
    return result;
  }

  /**
   * One layer of many pictures (default: the logits), with the kernels that classify. @returns [pictures, ...shape].
   */
  async outputs(pictures: readonly Float32Array[], layer?: string): Promise<Float32Array> {
    const size = sizeOf(this.model.input.shape);
    const shape = layer === undefined ? this.model.logits.shape : (this.model.layerOutputs.get(layer) as Value).shape;
    const each = sizeOf(shape);
    const result = new Float32Array(pictures.length * each);
    for (let from = 0; from < pictures.length; from += this.capacity) {
      const batch = pictures.slice(from, from + this.capacity);
      await this.exclusively(async () => {
        const { model, program, values } = await this.compiled(`outputs ${layer ?? ''}`, async () => {
          const built = this.build();
          const output = layer === undefined ? built.logits : (built.layerOutputs.get(layer) as Value);
          return this.compile(built, computed([output]), this.capacity, { output });
        });
        program.write(model.input, joined(batch, size));
        await program.run(batch.length);
        result.set(values.output === model.input ? joined(batch, size) : program.read(values.output), from * each);
      });
    }
    return result;
  }

  /** Σ seed · (a layer's output) of one picture: the output, and the gradient by the picture. */
  layerGradient(
    layer: string,
    picture: Float32Array,
    seed: Float32Array,
  ): Promise<{ readonly output: Float32Array; readonly gradient: Float32Array }> {
    return this.exclusively(async () => {
      const { model, program, values } = await this.compiled(`layer ${layer}`, async () => {
        const built = this.build();
        const output = built.layerOutputs.get(layer) as Value;
        const seeds = seedOf(built, output);
        const gradient = differentiate(built.graph, { of: output, seed: seeds, wanted: [built.input] }).get(
          built.input,
        );
        return this.compile(built, computed([output, ...(gradient ? [gradient] : [])]), 1, {
          seed: seeds,
          output,
          gradient,
        });
      });
      program.write(model.input, picture);
      program.write(values.seed, seed);
      await program.run(1);
      const { gradient, output } = values;
      return {
        output: program.read(output),
        gradient: gradient ? program.read(gradient) : new Float32Array(picture.length),
      };
    });
  }

  /** Runs `work` when all that was asked before is done. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const next = this.last.then(work, work);
    this.last = next.catch(() => undefined);
    return next;
  }

  /** A program by its name: made once. */
  compiled<T>(name: string, make: () => Promise<Compiled<T>>): Promise<Compiled<T>> {
    let known = this.programs.get(name) as Promise<Compiled<T>> | undefined;
    if (!known) {
      known = make();
      this.programs.set(name, known);
      known.catch(() => this.programs.delete(name));
    }
    return known;
  }

  /** Compiles with the kernels that classify, unless told otherwise, and writes the weights that are not there yet. */
  async compile<T>(
    model: BuiltModel,
    outputs: readonly Value[],
    capacity: number,
    values: T,
    options: { readonly fuse?: boolean; readonly algorithm?: 'direct'; readonly regions?: boolean } = {},
  ): Promise<Compiled<T>> {
    const algorithm = options.algorithm ?? this.classifier.algorithm;
    const program = await this.engine.compile(model.graph, { capacity, outputs, ...options, algorithm });
    this.writeWeights(model);
    return { model, program, values };
  }

  private readonly written = new Set<string>();

  /** A program's engine knows the parameters that it names; the others wait for a program that needs them. */
  private writeWeights(model: BuiltModel): void {
    const known = new Set(this.engine.persistentNames());
    const fresh = model.parameters.filter(({ name }) => known.has(name) && !this.written.has(name));
    const tensors = new Map(
      fresh.map(({ name }) => [name, this.classifier.weights.get(name) as { shape: number[]; data: Float32Array }]),
    );
    loadWeights(this.engine, fresh, tensors, 'the classifier');
    for (const { name } of fresh) this.written.add(name);
  }

  private build(): BuiltModel {
    return buildModel(this.classifier.model, { training: false, inputType: 'float32' });
  }
}

const distinct = (values: readonly Value[]): Value[] => [...new Set(values)].filter(isComputed);
const isComputed = (value: Value): boolean => value.role === 'intermediate';
const computed = (values: Iterable<Value>): Value[] => [...values].filter(isComputed);

/** Where a program takes the gradient of what is asked about. */
export const seedOf = ({ graph }: BuiltModel, { shape }: Value): Value =>
  graph.source('input', 'seed', { shape, batched: true, type: 'float32' });

function readLayers(program: Program, { layerOutputs }: BuiltModel): Map<string, Float32Array> {
  const read = new Map<Value, Float32Array>();
  return new Map(
    [...layerOutputs].map(([id, value]) => {
      if (!read.has(value)) read.set(value, program.read(value));
      return [id, read.get(value) as Float32Array];
    }),
  );
}

/** Samples one after the other. */
function joined(parts: readonly Float32Array[], size: number): Float32Array {
  const all = new Float32Array(parts.length * size);
  parts.forEach((part, i) => {
    all.set(part, i * size);
  });
  return all;
}
