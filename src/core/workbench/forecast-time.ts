import type { Engine } from '../backend/backend.ts';
import type { ModelSpec } from '../model/spec.ts';
import type { Algorithm } from '../plan/lowering.ts';
import type { OptimizerSpec } from '../train/recipe.ts';
import { alternate } from './bench/alternate.ts';
import { compileTraining } from './bench/presets.ts';

/** How long a training step will take on this machine, and how that is known. */
export interface TimeForecast {
  /** Pictures of the step that is foretold. */
  readonly batch: number;
  readonly stepMilliseconds: number;
  readonly picturesPerSecond: number;
  readonly threads: number;
  /** Steps that were really run: pictures, and the median of their milliseconds. */
  readonly measured: readonly { readonly pictures: number; readonly milliseconds: number }[];
  /** One sentence. */
  readonly method: string;
}

/** A step that is measured takes about this long at most; a longer one is foretold from smaller ones. */
const longestStep = 400;
/** Milliseconds of measuring, about, beside compiling. */
const measuring = 1500;

/**
 * Runs a few training steps with the model's own kernels, pictures by chance and weights as they start. Where a whole
 * batch would take too long, two smaller batches are measured in turn and the rest follows by a straight line: each picture
 * takes as long as the next, and what does not depend on pictures (the weights' update) is in what remains.
 *
 * Reading and augmenting pictures is not in it: training does that meanwhile.
 */
export async function forecastTime(
  engine: Engine,
  spec: ModelSpec,
  options: { readonly optimizer: OptimizerSpec; readonly batch: number; readonly algorithm?: Algorithm },
  { clock, signal }: { readonly clock: () => number; readonly signal?: AbortSignal },
): Promise<TimeForecast> {
  const { batch } = options;
  const most = await mostPictures(engine, spec, options, { clock, signal });
  const stepOf = await compileTraining(engine, spec, { ...options, batch: most });
  const half = Math.ceil(most / 2);
  const sizes = most === batch ? [batch] : [most, half];
  const times = await alternate(sizes.map(stepOf), { milliseconds: measuring, clock, signal });
  const measured = sizes.map((pictures, i) => ({ pictures, milliseconds: times[i] }));
  let stepMilliseconds = times[0];
  if (most < batch) {
    // Noise must not make pictures cheaper than the half of what they cost together, nor dearer.
    const together = times[0] / most;
    const each = Math.min(together, Math.max(together / 2, (times[0] - times[1]) / (most - half)));
    stepMilliseconds += each * (batch - most);
  }
  const method =
    most === batch
      ? `Training steps of ${batch} pictures were run; the median is told.`
      : `Training steps of ${most} and ${half} pictures were run in turn; a step of ${batch} follows by a straight line.`;
  const picturesPerSecond = (1000 * batch) / stepMilliseconds;
  return { batch, stepMilliseconds, picturesPerSecond, threads: engine.threads, measured, method };
}

/**
 * How many pictures of the batch a step may have to be measured. It grows from what ran last: the first steps of a program
 * are slow until the host has compiled it in full, and few pictures pay for all weights, so that one guess falls short.
 */
async function mostPictures(
  engine: Engine,
  spec: ModelSpec,
  options: Parameters<typeof forecastTime>[2],
  { clock, signal }: { readonly clock: () => number; readonly signal?: AbortSignal },
): Promise<number> {
  const { batch } = options;
  for (let pictures = Math.min(2, batch); ; ) {
    if (pictures === batch) return batch;
    const step = (await compileTraining(engine, spec, { ...options, batch: pictures }))(pictures);
    const [milliseconds] = await alternate([step], { milliseconds: 0, clock, signal });
    const next = Math.min(batch, Math.floor((pictures * longestStep) / milliseconds));
    if (next < 2 * pictures && next < batch) return Math.max(next, Math.min(batch, 4));
    pictures = next;
  }
}
