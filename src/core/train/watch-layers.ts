import type { Program } from '../backend/backend.ts';
import { fileOrder, fillBatch } from '../dataset/batches.ts';
import { type Dataset, pictureSize } from '../dataset/dataset.ts';
import type { ParameterInfo } from '../model/build.ts';
import { sizeOf } from '../shape.ts';
import { measureValues, normOf } from './layer-statistics.ts';
import type { LayerTelemetry, TelemetryRecord } from './telemetry.ts';
import type { TrainingJob } from './training-job.ts';
import { largestWatched, type WatchedModel } from './watched-model.ts';

/** Weights by name, as they were before a step. */
type HeldWeights = ReadonlyMap<string, Float32Array>;

/**
 * Looks at the layers of a model in training: what they give and their gradients on a few pictures, and what a real step
 * changes in their weights. It leaves no trace: running statistics are put back as they were, so no bit changes.
 */
export class LayerWatch {
  private readonly pixels: Uint8Array;
  private readonly labels: Int32Array;
  private readonly n: number;
  /** By layer; of the step that was watched last. */
  private updates: ReadonlyMap<string, number> = new Map();

  /** @param sample training pictures, as many as the program takes or more. */
  constructor(
    private readonly job: Pick<TrainingJob, 'engine' | 'recipe'>,
    private readonly watched: WatchedModel,
    private readonly program: Program,
    sample: Dataset,
  ) {
    this.n = Math.min(program.capacity, sample.count);
    this.pixels = new Uint8Array(this.n * pictureSize(sample));
    this.labels = new Int32Array(this.n);
    fillBatch(sample, fileOrder(this.n), 0, this.n, this.pixels, this.labels);
  }

  /** How many epochs apart looks are, so that all their pictures are about a hundredth of those that are trained on. */
  epochsBetween(images: number): number {
    return Math.max(1, Math.ceil(this.n / (0.012 * images)));
  }

  /** Copies of the weights that are watched, to be given to `noteStep` after a step. */
  holdWeights(): HeldWeights {
    const { engine } = this.job;
    return new Map(this.watchedParameters().map(({ name }) => [name, engine.readPersistent(name)]));
  }

  /** Keeps how far a step went from `before`, relative to the weights, for the next look. */
  noteStep(before: HeldWeights): void {
    const { engine } = this.job;
    this.updates = new Map(
      this.watched.model.layers.flatMap(({ id, parameters }): [string, number][] => {
        const held = parameters.flatMap(({ name }) => (before.has(name) ? [before.get(name) as Float32Array] : []));
        if (held.length === 0) return [];
        const now = parameters.filter(({ name }) => before.has(name)).map(({ name }) => engine.readPersistent(name));
        const changes = now.map((values, i) => values.map((value, j) => value - held[i][j]));
        const norm = normOf(held);
        return norm > 0 ? [[id, normOf(changes) / norm]] : [];
      }),
    );
  }

  async look(): Promise<Pick<TelemetryRecord, 'layers' | 'sampleLoss'>> {
    const { engine, recipe } = this.job;
    const { model, labels, losses } = this.watched;
    const statistics = model.parameters.filter(({ trainable }) => !trainable);
    const running = new Map(statistics.map(({ name }) => [name, engine.readPersistent(name)]));
    this.program.write(model.input, this.pixels);
    this.program.write(labels, this.labels);
    // Chance that no step of training has: its steps count from 0.
    if (model.step) this.program.write(model.step, Int32Array.of(recipe.seed | 0, -1));
    await this.program.run(this.n);
    const layers = model.layers
      .filter(({ firstNode, endNode }) => endNode > firstNode)
      .map((layer) => this.layerTelemetry(layer, running));
    const values = this.program.read(losses);
    for (const [name, data] of running) engine.writePersistent(name, data);
    return { layers, sampleLoss: values.reduce((sum, value) => sum + value, 0) / values.length };
  }

  private layerTelemetry(
    { id, layer, output, parameters, values }: WatchedModel['model']['layers'][number],
    running: HeldWeights,
  ): LayerTelemetry {
    const { engine } = this.job;
    const units = output.shape[output.shape.length - 1] ?? 1;
    const { mean, deviation, zeros, dead } = measureValues(this.program.read(output), units);
    const own = parameters.filter(({ name }) => this.watched.gradients.has(name));
    const update = this.updates.get(id);
    return {
      layer: id,
      type: layer.type,
      ...rounded({ mean, deviation, zeros, dead }),
      ...rounded(this.driftOf(id, parameters, values[0], running)),
      ...(own.length > 0
        ? rounded({
            gradient: normOf(own.map(({ name }) => this.program.read(this.watched.gradients.get(name)!))),
            weights: normOf(own.map(({ name }) => engine.readPersistent(name))),
          })
        : {}),
      ...(update === undefined ? {} : rounded({ update })),
    };
  }

  /** Of a layer with running statistics whose input is what another layer gives. */
  private driftOf(
    id: string,
    parameters: readonly ParameterInfo[],
    input: WatchedModel['model']['layers'][number]['values'][number],
    running: HeldWeights,
  ): { drift?: number } {
    const mean = running.get(`${id}.running_mean`);
    const variance = running.get(`${id}.running_var`);
    if (!mean || !variance || parameters.length === 0) return {};
    const isGiven = this.watched.model.layers.some(
      ({ output, firstNode, endNode }) => endNode > firstNode && output === input,
    );
    if (!isGiven) return {};
    const { unitMeans } = measureValues(this.program.read(input), mean.length);
    let sum = 0;
    for (let c = 0; c < mean.length; c++) sum += Math.abs(unitMeans[c] - mean[c]) / Math.sqrt(variance[c] + 1e-5);
    return { drift: sum / mean.length };
  }

  private watchedParameters(): ParameterInfo[] {
    return this.watched.model.parameters.filter(
      ({ trainable, fileShape }) => trainable && sizeOf(fileShape) <= largestWatched,
    );
  }
}

/** Four significant figures: more would be noise in a file. */
const rounded = <T extends Readonly<Record<string, number>>>(numbers: T): T =>
  Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Number(value.toPrecision(4))])) as T;
