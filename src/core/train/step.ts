import type { Engine, Program } from '../backend/backend.ts';
import type { FeatureProgram, Features } from './features.ts';
import type { PreparedStage } from './prepare.ts';
import type { TrainingGraph } from './programs.ts';

/** Pictures and labels of a step or of a part of it. */
export interface Batch {
  readonly n: number;
  /** n pictures. */
  readonly pixels: Uint8Array;
  readonly labels: Int32Array;
  /** n x classes, where the recipe mixes pictures: shares of classes. */
  readonly targets?: Float32Array;
  /** What the frozen layers make of the pictures, where it is known: `pixels` is empty then. */
  readonly features?: Features;
  /** Where those are to be kept, one place a picture. */
  readonly places?: Uint32Array;
}

/** What a step gave. */
export interface StepResult {
  /** [n]. */
  readonly losses: Float32Array;
  /** [n, classes]. */
  readonly logits: Float32Array;
}

/** One batch and one update, as one program or as micro-batches. */
export interface TrainingStep {
  /** @param step of the whole training, from 0: chance and the optimizer's numbers follow from it. */
  run(batch: Batch, step: number, learningRate: number): Promise<StepResult>;
  /** The parts in which a batch is computed, with the numbers that chance in each follows from. */
  parts(batch: Batch, step: number): { readonly batch: Batch; readonly random: Int32Array }[];
}

/**
 * Cuts a batch into as few parts of at most `microBatch` pictures as there can be, of sizes as equal as can be, in
 * order: so batch norm never meets a last part of one picture, unless parts are of one picture anyway.
 */
export function cutBatch({ n, pixels, labels, targets, features, places }: Batch, microBatch: number): Batch[] {
  const count = Math.ceil(n / microBatch);
  const size = pixels.length / n;
  const classes = (targets?.length ?? 0) / n;
  return Array.from({ length: count }, (_, part) => {
    const from = Math.floor((part * n) / count);
    const to = Math.floor(((part + 1) * n) / count);
    return {
      n: to - from,
      pixels: pixels.subarray(from * size, to * size),
      labels: labels.subarray(from, to),
      targets: targets?.subarray(from * classes, to * classes),
      features: features?.map((all) => all.subarray((from * all.length) / n, (to * all.length) / n)),
      places: places?.subarray(from, to),
    };
  });
}

/**
 * @param programs those of the stage's drafts. @param keep takes what the frozen layers made of pictures that have places.
 */
export function createTrainingStep(
  engine: Engine,
  { training, batch: whole, microBatch, steps, sharesAt }: PreparedStage,
  programs: { readonly step: Program; readonly update: Program | undefined; readonly trunk?: FeatureProgram },
  seed: number,
  keep?: (places: Uint32Array, features: Features) => void,
): TrainingStep {
  const { model, accumulation, rates, average, lossDivisor } = training;
  const writeRates = (program: Program, step: number, learningRate: number): void => {
    for (const { optimizer, options, scalars, factor, epoch } of rates) {
      const own = step + 1 - (epoch - 1) * steps;
      program.write(scalars, Float32Array.from(optimizer.scalars(options, learningRate * factor, own)));
    }
    if (average) program.write(average.shares, Float32Array.from(sharesAt(step)));
  };
  /** Only after the frozen layers ran: all programs lay their inputs out in the same room. */
  const featuresOf = async (part: Batch): Promise<Features | undefined> => {
    if (!programs.trunk || part.features) return part.features;
    const features = await programs.trunk.run(part.pixels, part.n);
    if (part.places) keep?.(part.places, features);
    return features;
  };
  const partsOfBatch = Math.ceil(whole / microBatch);
  // What another training left here could be NaN, which no factor 0 turns into 0.
  for (const name of accumulation?.gradientNames ?? []) {
    engine.writePersistent(name, engine.readPersistent(name).fill(0));
  }
  const parts: TrainingStep['parts'] = (batch, step) =>
    cutBatch(batch, microBatch).map((part, i) => ({
      batch: part,
      random: Int32Array.of(seed | 0, step * partsOfBatch + i),
    }));
  return {
    parts,
    async run(batch, step, learningRate) {
      const result = { losses: new Float32Array(batch.n), logits: new Float32Array(batch.n * model.logits.shape[0]) };
      let done = 0;
      for (const part of parts(batch, step)) {
        const features = await featuresOf(part.batch);
        writeBatch(programs.step, training, part.batch, part.random, features);
        if (!accumulation) writeRates(programs.step, step, learningRate);
        if (accumulation) {
          programs.step.write(accumulation.lossScale, Float32Array.of(1 / lossDivisor(batch.labels)));
          programs.step.write(accumulation.keep, Float32Array.of(done === 0 ? 0 : 1));
        }
        await programs.step.run(part.batch.n);
        result.losses.set(programs.step.read(training.losses), done);
        result.logits.set(programs.step.read(model.logits), done * model.logits.shape[0]);
        done += part.batch.n;
      }
      if (programs.update) {
        writeRates(programs.update, step, learningRate);
        await programs.update.run(1);
      }
      return result;
    },
  };
}

function writeBatch(
  program: Program,
  training: TrainingGraph,
  batch: Batch,
  random: Int32Array,
  features: Features | undefined,
): void {
  const { model, labels, targets, fixedInputs } = training;
  if (features) [...(training.features?.values() ?? [])].forEach((value, i) => void program.write(value, features[i]));
  else program.write(model.input, batch.pixels);
  program.write(labels, batch.labels);
  if (targets && batch.targets) program.write(targets, batch.targets);
  if (model.step) program.write(model.step, random);
  for (const { value, data } of fixedInputs) program.write(value, data);
}
