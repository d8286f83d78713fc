import { FoveaError } from '../../errors.ts';
import { keptWeights } from '../../train/averaging.ts';
import { endingOf } from '../../train/early-stopping.ts';
import type { TrainEvent } from '../../train/events.ts';
import { bestEpoch, type EpochRecord, epochRecordSchema } from '../../train/history.ts';
import { NonFiniteError } from '../../train/non-finite.ts';
import { writeSnapshot } from '../../train/state.ts';
import { telemetrySchema } from '../../train/telemetry.ts';
import type { TrainingJob, TrainingResult } from '../../train/training-job.ts';
import type { Adapters } from '../adapters.ts';
import { type RunDescription, type RunFolder, runFiles } from '../run-folder.ts';
import { parametersOf } from './job.ts';
import { processCount, type TorchHost, type TorchProcesses, torchrunWords } from './launch.ts';
import { beginSnapshot, writeProgram } from './write-program.ts';

export interface TorchTraining {
  readonly adapters: Pick<Adapters, 'storage'>;
  readonly host: TorchHost;
  readonly run: RunFolder;
  readonly description: RunDescription;
  readonly processes: TorchProcesses;
  readonly threads?: number;
  /** Told after each epoch, whose checkpoint the program has written. */
  readonly onSaved: (history: readonly EpochRecord[]) => Promise<void>;
  readonly onNote: (text: string) => void;
}

/**
 * A training by `python/fovea_torch` in as many processes as are wanted, in the place of `runTraining`: the same job,
 * the same events and result. The engine computes the first weights only.
 *
 * @throws FoveaError with the last that Python said when it fails. @throws NonFiniteError when the loss is not finite.
 */
export async function trainOnTorch(torch: TorchTraining, job: TrainingJob): Promise<TrainingResult> {
  const { adapters, host, run, description, processes, threads, onNote } = torch;
  const { recipe, train, val, signal, autosave } = job;
  const from = job.from ?? (await beginSnapshot(job.engine, job));
  const { storage } = adapters;
  if (!job.from) await storage.write(storage.join(run.path, runFiles.state), writeSnapshot(from));
  const saveEvery = (autosave?.every ?? 300_000) / 1000;
  const script = await writeProgram(storage, host, run.path, description, { train, val }, { saveEvery });
  const words = torchrunWords(processes, storage.absolute(script));
  if ((processes.nodes ?? 1) > 1) onNote(`On each other machine, with the same folder: torchrun ${words.join(' ')}`);

  const history = [...from.state.history];
  let failure: NonFiniteError | undefined;
  let saving: Promise<void> = Promise.resolve();
  const take = (line: string): void => {
    const told = parseTold(line);
    if (told?.fovea === 'begin') {
      onNote(`PyTorch ${told.torch} in ${processCount(processes)} processes (${told.device}).`);
      // Processes that were started again begin once more, at the last checkpoint.
      const at = told.resumed as { epoch: number; step: number } | null;
      history.length = Math.min(history.length, (at?.epoch ?? 1) - 1);
    }
    if (told?.fovea === 'failure') {
      failure = new NonFiniteError(
        Number(told.loss),
        { epoch: Number(told.epoch), step: Number(told.step) },
        undefined,
      );
    }
    const event = told && eventOf(told, torch, job);
    if (!event) return;
    if (event.kind === 'epoch') {
      history.push(event.record);
      const saved = [...history];
      saving = saving.then(() => torch.onSaved(saved));
      // Whoever lost the run's lock is told below; until then nothing may go unhandled.
      saving.catch(() => undefined);
    }
    job.onEvent?.(event);
  };
  const count = processCount(processes);
  const ended = await host.run({ words, processes: processes.perNode, threads, signal, onLine: take });
  await saving;
  if (failure) throw failure;
  const snapshot = (await run.readSnapshot())!;
  const status = endingOf(recipe, snapshot.state.history) ?? 'interrupted';
  if (status === 'interrupted' && !signal?.aborted && (ended.code !== 0 || snapshot.state.step === 0)) {
    throw new FoveaError(`PyTorch Distributed ended with code ${ended.code} in ${count} processes: ${ended.error}`);
  }
  const { trained } = snapshot.state;
  return {
    status,
    history: snapshot.state.history,
    best: bestEpoch(snapshot.state.history),
    bestWeights: await run.readBestWeights(),
    lastWeights: keptWeights(snapshot),
    imagesPerSecond: trained.seconds > 0 ? trained.images / trained.seconds : 0,
  };
}

type Told = Readonly<Record<string, unknown>> & { readonly fovea: string };

/** Undefined for whatever else is printed by Python. */
function parseTold(line: string): Told | undefined {
  if (!line.startsWith('{"fovea"')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function eventOf(told: Told, { description }: TorchTraining, { train, val }: TrainingJob): TrainEvent | undefined {
  switch (told.fovea) {
    case 'begin': {
      const parameters = parametersOf(description.recipe).filter(({ trainable }) => trainable);
      return {
        kind: 'begin',
        epochs: description.recipe.epochs,
        stepsPerEpoch: Number(told.stepsPerEpoch),
        trainImages: train.count,
        valImages: val.count,
        parameters: parameters.reduce((sum, { fileShape }) => sum + fileShape.reduce((a, b) => a * b, 1), 0),
        resumed: (told.resumed as { epoch: number; step: number } | null) ?? undefined,
      };
    }
    case 'step': {
      const { fovea: _, ...numbers } = told;
      return { kind: 'step', ...(numbers as Omit<Extract<TrainEvent, { kind: 'step' }>, 'kind'>) };
    }
    case 'telemetry':
      return { kind: 'telemetry', record: telemetrySchema.parse(told.record) };
    case 'epoch':
      return { kind: 'epoch', record: epochRecordSchema.parse(told.record), best: told.best === true };
    default:
      return undefined;
  }
}
