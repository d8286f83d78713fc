import type { Preprocessing } from '../classifier/classifier.ts';
import { invalid } from '../errors.ts';
import { hashWeights } from '../model/weights.ts';
import { keptWeights } from '../train/averaging.ts';
import { engineBits } from '../train/bits.ts';
import { diagnose } from '../train/diagnosis/index.ts';
import { type Ending, endingOf } from '../train/early-stopping.ts';
import { checkMemory } from '../train/forecast.ts';
import { bestEpoch } from '../train/history.ts';
import type { Recipe } from '../train/recipe.ts';
import type { Snapshot } from '../train/state.ts';
import type { Adapters } from './adapters.ts';
import { carryOut, type LockedRun } from './carry-out.ts';
import { weightsAgain } from './choose-training.ts';
import { symptomsOf } from './diagnose-run.ts';
import { note } from './notes.ts';
import { openRunFolder, type RunDescription, type RunFolder } from './run-folder.ts';
import { openTorch } from './torch/open-torch.ts';
import type { TrainOutcome, TrainRequest } from './train-request.ts';
import { openRunData } from './training-data.ts';
import { noteTo, type VerbOptions } from './verb.ts';
import { withEngine } from './with-engine.ts';

/** Goes on with a run: from its last checkpoint, or from its recipe when it has none. */
export async function resumeRun(
  adapters: Adapters,
  path: string,
  request: TrainRequest,
  options: VerbOptions,
): Promise<TrainOutcome> {
  const run = openRunFolder(adapters.storage, path);
  // Read once before: what is no run must not be locked.
  await run.readDescription();
  const lock = await run.lock(adapters, noteTo(options));
  try {
    return await resumeLocked(adapters, { run, lock }, request, options);
  } finally {
    await lock.release();
  }
}

async function resumeLocked(
  adapters: Adapters,
  { run, lock }: LockedRun,
  request: TrainRequest,
  options: VerbOptions,
): Promise<TrainOutcome> {
  const found = await run.readDescription();
  const snapshot = await run.readSnapshot();
  const done = snapshot?.state.history.length ?? 0;
  const epochs = request.epochs ?? found.recipe.epochs;
  const patience = request.patience ?? found.recipe.patience;
  if (epochs < done) {
    throw invalid(`at least ${done} epochs, which are done,`, "option 'epochs'", epochs);
  }
  const before = await run.mend(found, snapshot);
  const recipe: Recipe = { ...before.recipe, epochs, ...(patience === undefined ? {} : { patience }) };
  const ending = snapshot && endingOf(recipe, snapshot.state.history);
  if (snapshot && ending) return endedAlready(adapters, run, { ...before, recipe }, snapshot, ending);
  const elsewhere = await openTorch(adapters, recipe, request.torch);
  const description: RunDescription = {
    ...before,
    recipe,
    status: 'running',
    error: undefined,
    failure: undefined,
    ...lengthened(before, epochs, snapshot),
    ...mixedBits(before, elsewhere?.bits ?? engineBits, options),
  };
  const { train, val, leaks } = await openRunData(adapters, description, run.path, options);
  return withEngine(adapters, request.threads, async (engine) => {
    const { machineMemory } = adapters;
    const preprocessing = description.preprocessing as Preprocessing;
    if (!elsewhere) checkMemory({ engine, recipe, train, val, preprocessing, machineMemory, mode: request.memory });
    await run.writeDescription({ ...description, updated: adapters.now() });
    const weights = snapshot ? undefined : await weightsAgain(adapters, recipe, request, options);
    const parts = { train, val, leaks, weights };
    return carryOut(adapters, engine, { run, lock, elsewhere }, description, parts, snapshot, request, options);
  });
}

/** What the training's length was until now, where it changes. */
function lengthened(
  { recipe, earlier = [] }: RunDescription,
  epochs: number,
  snapshot: Snapshot | undefined,
): Pick<RunDescription, 'earlier'> {
  if (epochs === recipe.epochs || !snapshot) return {};
  const { epoch, step } = snapshot.state;
  return { earlier: [...earlier, { epochs: recipe.epochs, until: { epoch, step } }] };
}

/** A run that goes on with another engine's bits is recorded as what it is: of both. */
function mixedBits({ bits }: RunDescription, now: string, { onEvent }: VerbOptions): Pick<RunDescription, 'bits'> {
  if (bits === undefined || bits.split('+').at(-1) === now) return {};
  onEvent?.(note('other-bits', { now, begun: bits }));
  return { bits: `${bits}+${now}` };
}

async function endedAlready(
  adapters: Adapters,
  run: RunFolder,
  description: RunDescription,
  snapshot: Snapshot,
  status: Ending,
): Promise<TrainOutcome> {
  const { history, trained } = snapshot.state;
  if (description.status !== status) {
    await run.writeDescription({
      ...description,
      status,
      error: undefined,
      failure: undefined,
      updated: adapters.now(),
    });
  }
  return {
    run: run.path,
    status,
    alreadyFinished: true,
    recipe: description.recipe,
    diagnosis: diagnose(
      symptomsOf(description, run.path, { history, telemetry: await run.readTelemetry(), over: true }),
    ),
    data: description.data.source,
    testImages: description.data.images.test,
    epochs: history,
    best: bestEpoch(history),
    split: description.data.split?.hash,
    leaks: [],
    weights: await hashWeights(keptWeights(snapshot)),
    imagesPerSecond: trained.seconds > 0 ? trained.images / trained.seconds : 0,
    memory: undefined,
    startWeights: description.weights,
  };
}
