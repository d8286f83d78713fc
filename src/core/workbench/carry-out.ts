import type { Engine } from '../backend/backend.ts';
import type { Preprocessing } from '../classifier/classifier.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { Leak } from '../dataset/leak-gate.ts';
import { FoveaError } from '../errors.ts';
import { hashWeights } from '../model/weights.ts';
import { endingOf } from '../train/early-stopping.ts';
import { bestEpoch, type EpochRecord } from '../train/history.ts';
import { NonFiniteError } from '../train/non-finite.ts';
import type { Snapshot } from '../train/state.ts';
import { runTraining } from '../train/trainer.ts';
import type { TrainingJob, TrainingResult } from '../train/training-job.ts';
import type { Adapters } from './adapters.ts';
import { calibrateTrained } from './calibrate.ts';
import type { Lock } from './lock.ts';
import { note } from './notes.ts';
import type { RunDescription, RunFolder, RunStatus } from './run-folder.ts';
import { RunWatch } from './run-watch.ts';
import type { TorchTrainer } from './torch/open-torch.ts';
import { trainOnTorch } from './torch/train-on-torch.ts';
import type { TrainOutcome, TrainRequest } from './train-request.ts';
import type { VerbOptions } from './verb.ts';

/** A run that nobody else writes. */
export interface LockedRun {
  readonly run: RunFolder;
  readonly lock: Lock;
  readonly elsewhere?: TorchTrainer;
}

/** Minutes: what a machine that dies may cost, beside which the writing costs nothing. */
const usualSaveEvery = 5;

/** Trains a described run from its beginning or from a checkpoint, and keeps its folder true all the while. */
export async function carryOut(
  adapters: Adapters,
  engine: Engine,
  { run, lock, elsewhere }: LockedRun,
  description: RunDescription,
  {
    leaks,
    ...parts
  }: {
    readonly train: Dataset;
    readonly val: Dataset;
    readonly leaks: readonly Leak[];
    readonly weights: TrainingJob['weights'];
  },
  from: Snapshot | undefined,
  { memory, threads, saveEvery = usualSaveEvery }: Pick<TrainRequest, 'memory' | 'threads' | 'saveEvery'>,
  { signal, onEvent }: VerbOptions,
): Promise<TrainOutcome> {
  onEvent?.({ kind: 'run', path: run.path, description });
  const { recipe, preprocessing } = description;
  const now = (status: RunStatus, history: readonly EpochRecord[], error?: string): RunDescription => ({
    ...description,
    status,
    error,
    updated: adapters.now(),
    best: bestEpoch(history),
    epochsDone: history.length,
  });
  let history: readonly EpochRecord[] = from?.state.history ?? [];
  const watch = await RunWatch.open(run, description, from?.state);
  const trainer = (job: TrainingJob): Promise<TrainingResult> => {
    if (!elsewhere) return runTraining(job);
    const onNote = (text: string): void => onEvent?.({ kind: 'note', text });
    const onSaved = async (saved: readonly EpochRecord[]): Promise<void> => {
      await lock.check();
      await watch.save();
      history = saved;
    };
    return trainOnTorch({ adapters, run, description, threads, onSaved, onNote, ...elsewhere }, job);
  };
  let result: TrainingResult;
  try {
    result = await trainer({
      engine,
      recipe,
      ...parts,
      preprocessing: preprocessing as Preprocessing,
      from,
      bestSoFar: from && (await run.readBestWeights()),
      signal,
      clock: adapters.clock,
      machineMemory: adapters.machineMemory,
      memory,
      onEvent(event) {
        onEvent?.(event);
        for (const finding of watch.take(event)) onEvent?.({ kind: 'diagnosis', finding });
      },
      async save(snapshot, best) {
        await lock.check();
        const saved = snapshot.state.history;
        await run.writeCheckpoint(now(endingOf(recipe, saved) ?? 'running', saved), snapshot, best);
        await watch.save();
        // Only now: should writing have failed, this epoch must not be told as kept.
        history = saved;
      },
      autosave: {
        every: saveEvery * 60_000,
        async save(snapshot) {
          try {
            await run.writeCheckpoint(now('running', snapshot.state.history), snapshot, false);
          } catch (error) {
            if (!(error instanceof FoveaError)) throw error;
            // Nothing is lost by it yet: the last checkpoint is whole, and the next one may find room again.
            onEvent?.(note('not-saved', { reason: error.message }));
          }
        },
      },
    });
  } catch (error) {
    // Best effort: on a full disk even this may fail, and the first error is the one to tell. What another took over is his.
    const message = error instanceof Error ? error.message : String(error);
    const failure = error instanceof NonFiniteError ? { failure: error.place } : {};
    const diagnosis = watch.findings({ ...failure, over: true });
    await lock
      .check()
      .then(() => run.writeDescription({ ...now('failed', history, message), ...failure }))
      .then(() => watch.save())
      .then(() => run.writeDiagnosis(diagnosis))
      .catch(() => undefined);
    if ('failure' in failure) for (const finding of diagnosis) onEvent?.({ kind: 'diagnosis', finding });
    throw withCheckpoint(error, run.path, history.length);
  }
  if (result.status === 'interrupted') await run.writeDescription(now('interrupted', result.history));
  else await calibrateTrained(engine, run, parts.val, { signal, onEvent });
  const diagnosis = watch.findings({ over: result.status !== 'interrupted' });
  await run.writeDiagnosis(diagnosis);
  return {
    run: run.path,
    status: result.status,
    alreadyFinished: false,
    recipe,
    data: description.data.source,
    testImages: description.data.images.test,
    epochs: result.history,
    best: result.best,
    diagnosis,
    split: description.data.split?.hash,
    leaks,
    weights: await hashWeights(result.lastWeights),
    imagesPerSecond: result.imagesPerSecond,
    memory: result.memory,
    startWeights: description.weights,
  };
}

/** Tells where the last good checkpoint is. */
function withCheckpoint(error: unknown, path: string, epochs: number): unknown {
  if (!(error instanceof FoveaError) || epochs === 0) return error;
  const kept = `The checkpoint of epoch ${epochs} is kept in '${path}'`;
  return new FoveaError(`${error.message.replace(/\.$/, '')}. ${kept}`);
}
