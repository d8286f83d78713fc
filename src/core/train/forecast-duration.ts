import type { Batch, TrainingStep } from './step.ts';

/** How long a training will take, measured before its first step. */
export interface TrainingDuration {
  /** Of an epoch, evaluation included. */
  readonly secondsPerEpoch: number;
  /** Of all epochs that are left. */
  readonly seconds: number;
  /** Steps that were run to find out. */
  readonly measuredSteps: number;
}

/** Milliseconds of measuring after which no further step is begun. */
const longest = 1500;
const mostSteps = 4;
/** Evaluation has no backward pass, which takes about twice the time of the forward pass. */
const evaluationShare = 1 / 3;

/**
 * Runs a few steps of the real program on a real batch and takes the fastest: the first ones are slow, since the kernels
 * are compiled while they run. Weights change, so it belongs before they are set.
 *
 * @param amount steps of an epoch, pictures of a step, pictures evaluated at an epoch's end, epochs that are left.
 */
export async function forecastDuration(
  step: TrainingStep,
  batch: Batch,
  amount: { readonly steps: number; readonly evaluated: number; readonly epochs: number },
  clock: () => number,
): Promise<TrainingDuration> {
  const begin = clock();
  let fastest = Number.POSITIVE_INFINITY;
  let measuredSteps = 0;
  while (measuredSteps < mostSteps && clock() - begin < longest) {
    const from = clock();
    await step.run(batch, 0, 0);
    fastest = Math.min(fastest, clock() - from);
    measuredSteps++;
  }
  const evaluation = (amount.evaluated / batch.n) * evaluationShare;
  const secondsPerEpoch = (fastest * (amount.steps + evaluation)) / 1000;
  return { secondsPerEpoch, seconds: secondsPerEpoch * amount.epochs, measuredSteps };
}
