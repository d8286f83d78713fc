import type { Preprocessing } from '../classifier/classifier.ts';
import { FoveaError, invalid, mismatch } from '../errors.ts';
import { hashWeights } from '../model/weights.ts';
import { keptWeights } from '../train/averaging.ts';
import { engineBits } from '../train/bits.ts';
import { checkMemory } from '../train/forecast.ts';
import type { EpochRecord } from '../train/history.ts';
import type { FileTensor, Snapshot, TrainingState } from '../train/state.ts';
import { runTraining } from '../train/trainer.ts';
import type { Adapters } from './adapters.ts';
import { weightsAgain } from './choose-training.ts';
import { openRunFolder, type RunDescription } from './run-folder.ts';
import { stopSignal } from './stop-signal.ts';
import { openRunData } from './training-data.ts';
import type { VerbOptions } from './verb.ts';
import { foveaVersion } from './version.ts';
import { withEngine } from './with-engine.ts';

export interface ReproduceRequest {
  /** The folder of the run that is to be trained again. */
  readonly run: string;
  readonly threads?: number;
  /** Trains although this engine is known to compute other bits, to see how far apart the numbers come. */
  readonly anyway?: boolean;
}

/** The first number that came out otherwise. */
export interface Difference {
  readonly epoch: number;
  /** `loss`, `valLoss`, …; or `weights`, where all losses are equal and the weights are not. */
  readonly what: string;
  /** Of the weights: the tensor's name. */
  readonly tensor?: string;
  readonly expected: number;
  readonly received: number;
}

export interface Reproduction {
  readonly run: string;
  readonly same: boolean;
  /** Epochs whose every number was compared and is equal. */
  readonly epochs: number;
  /** Where the run stands and where this training ended. */
  readonly until: { readonly epoch: number; readonly step: number };
  /** Hash of the run's last weights, and of those trained again; absent where training ended at a difference. */
  readonly weights: { readonly expected: string; readonly received?: string };
  readonly difference: Difference | undefined;
  /** What began the run, and what trained it again. */
  readonly fovea: { readonly expected: string; readonly received: string };
  readonly bits: { readonly expected: string | undefined; readonly received: string };
}

/** Of these every number must be equal; the time that an epoch took is nobody's promise. */
const compared = ['learningRate', 'loss', 'accuracy', 'trainLoss', 'trainAccuracy', 'valLoss', 'valAccuracy'] as const;

/**
 * Trains again what a run's folder says, from the first weights to where the run stands, in memory, and compares every
 * loss and the weights. Ends at the first difference.
 * @throws FoveaError when the pictures are others, when the bits are known to be others, or there is nothing to compare.
 */
export async function reproduceRun(
  adapters: Adapters,
  { run, threads, anyway = false }: ReproduceRequest,
  options: VerbOptions = {},
): Promise<Reproduction> {
  const folder = openRunFolder(adapters.storage, run);
  const description = await folder.readDescription();
  const recorded = await folder.readSnapshot();
  if (!recorded) throw mismatch('a run with a checkpoint', `'${run}'`, 'one without', 'Train it first');
  checkBits(description, anyway, options);
  const { train, val } = await openRunData(adapters, description, run, options);
  const stages = stagesOf(description, recorded.state);
  const preprocessing = description.preprocessing as Preprocessing;
  const weights = await weightsAgain(adapters, description.recipe, {}, options);
  options.signal?.throwIfAborted();
  return withEngine(adapters, threads, async (engine) => {
    const { clock, machineMemory } = adapters;
    const about = { engine, train, val, preprocessing, machineMemory };
    for (const { epochs } of stages) checkMemory({ ...about, recipe: { ...description.recipe, epochs } });
    let snapshot: Snapshot | undefined;
    let difference: Difference | undefined;
    let equal = 0;
    for (const { epochs, until } of stages) {
      const stop = stopSignal(options.signal);
      const from = snapshot;
      await runTraining({
        ...about,
        // Where the run ended is in its length: patience was perhaps another until then.
        recipe: { ...description.recipe, epochs, patience: undefined },
        from,
        weights,
        signal: stop,
        clock,
        onEvent(event) {
          options.onEvent?.(event);
          if (event.kind === 'epoch') {
            difference = differenceOf(recorded.state.history[event.record.epoch - 1], event.record);
            if (difference) stop.stop();
            else equal = event.record.epoch;
          }
          const at = placeOf(event);
          if (at && at.epoch === until.epoch && at.step === until.step) stop.stop();
        },
        save: async (saved) => void (snapshot = saved),
      });
      if (difference) break;
      if (options.signal?.aborted) throw new FoveaError(`Interrupted: ${equal} epochs were compared and are equal`);
    }
    const expected = await hashWeights(keptWeights(recorded));
    const received = difference || !snapshot ? undefined : await hashWeights(keptWeights(snapshot));
    difference ??= snapshot && received !== expected ? weightDifference(recorded, snapshot) : undefined;
    return {
      run,
      same: difference === undefined,
      epochs: equal,
      until: { epoch: recorded.state.epoch, step: recorded.state.step },
      weights: { expected, ...(received ? { received } : {}) },
      difference,
      fovea: { expected: description.fovea, received: foveaVersion },
      bits: { expected: description.bits, received: engineBits },
    };
  });
}

/** @throws FoveaError when the run's bits are known and are not this engine's. */
function checkBits({ bits, fovea }: RunDescription, anyway: boolean, { onEvent }: VerbOptions): void {
  if (bits === undefined) {
    const text = `The run was begun by Fovea ${fovea}, before runs recorded which bits the engine computes (here ${engineBits}): a difference may be the engine's.`;
    onEvent?.({ kind: 'note', text });
  } else if (bits !== engineBits) {
    const mixed = bits.includes('+') ? 'It went on with another engine than it began with' : `Use Fovea ${fovea}`;
    const known = `Expected a run computed with the bits of this engine (Fovea ${foveaVersion}, bits ${engineBits}) but received one of Fovea ${fovea}, bits ${bits}`;
    if (!anyway) throw new FoveaError(known, `${mixed}; or see how far the numbers lie apart: --anyway`);
    onEvent?.({ kind: 'note', text: `Other bits: the run has ${bits}, this engine computes ${engineBits}.` });
  }
}

interface Stage {
  readonly epochs: number;
  readonly until: { readonly epoch: number; readonly step: number };
}

/** The lengths that the training had, each until where it was given another, the last until where the run stands. */
function stagesOf({ recipe, earlier = [] }: RunDescription, { epoch, step }: TrainingState): Stage[] {
  const stages = [...earlier, { epochs: recipe.epochs, until: { epoch, step } }];
  // A training that was made longer before its first step has no weights from before.
  const place = ({ until }: Stage): string => `${until.epoch} ${until.step}`;
  const used = stages.filter((stage, i) => place(stage) !== (i === 0 ? '1 0' : place(stages[i - 1])));
  if (used.length === 0) throw invalid('a run that has trained', 'the run', 'no step yet');
  return used;
}

/** Where a training stands after an event: an epoch that is through is the next one's step 0. */
function placeOf(event: Parameters<NonNullable<VerbOptions['onEvent']>>[0]): Stage['until'] | undefined {
  if (event.kind === 'step') return { epoch: event.epoch, step: event.step };
  if (event.kind === 'epoch') return { epoch: event.record.epoch + 1, step: 0 };
  return undefined;
}

function differenceOf(expected: EpochRecord | undefined, received: EpochRecord): Difference | undefined {
  if (!expected) return undefined;
  // What an older run did not measure is not compared.
  const what = compared.find((key) => expected[key] !== undefined && expected[key] !== received[key]);
  if (!what) return undefined;
  return {
    epoch: received.epoch,
    what,
    expected: expected[what] ?? Number.NaN,
    received: received[what] ?? Number.NaN,
  };
}

/** The first number of the first tensor, by name, that differs. */
function weightDifference(expected: Snapshot, received: Snapshot): Difference {
  const epoch = expected.state.epoch - (expected.state.step === 0 ? 1 : 0);
  const names = [...new Set([...expected.weights.keys(), ...received.weights.keys()])].sort();
  for (const tensor of names) {
    const [a, b] = [expected, received].map(({ weights }) => weights.get(tensor) as FileTensor | undefined);
    const length = Math.max(a?.data.length ?? 0, b?.data.length ?? 0);
    for (let i = 0; i < length; i++) {
      if (Object.is(a?.data[i], b?.data[i])) continue;
      return { epoch, what: 'weights', tensor, expected: a?.data[i] ?? Number.NaN, received: b?.data[i] ?? Number.NaN };
    }
  }
  throw new Error('weights with different hashes have equal numbers');
}
