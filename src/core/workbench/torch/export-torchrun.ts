import type { Preprocessing } from '../../classifier/classifier.ts';
import { FoveaError, mismatch } from '../../errors.ts';
import { quotePath } from '../../formats/quote.ts';
import { engineBits } from '../../train/bits.ts';
import { endingOf } from '../../train/early-stopping.ts';
import { type Snapshot, writeSnapshot } from '../../train/state.ts';
import type { Adapters } from '../adapters.ts';
import { weightsAgain } from '../choose-training.ts';
import { openRunFolder, type RunDescription, runFiles } from '../run-folder.ts';
import { openRunData } from '../training-data.ts';
import type { VerbOptions } from '../verb.ts';
import { withEngine } from '../with-engine.ts';
import { checkPorted } from './ported.ts';
import { schedulerFiles } from './schedulers.ts';
import { beginSnapshot, programFolder, writeProgram } from './write-program.ts';

export interface TorchrunRequest {
  /** A run's folder. */
  readonly run: string;
  /** A new folder. */
  readonly out: string;
  readonly threads?: number;
}

export interface TorchrunOutcome {
  readonly to: 'torchrun';
  readonly out: string;
  /** Where training begins there: where an unfinished run stands, else at the beginning. */
  readonly from: { readonly epoch: number; readonly step: number };
  /** The store that the pictures stay in; undefined: they are in the folder. */
  readonly store: string | undefined;
}

/**
 * Writes a run as a folder for a scheduler: a run of its own, and the program that trains it. An unfinished run goes on
 * there; a finished one is trained anew, from the same first weights.
 * @throws FoveaError for a recipe that is not ported, pictures that are others, a folder that is not empty.
 */
export async function exportTorchrun(
  adapters: Adapters,
  { run: path, out, threads }: TorchrunRequest,
  options: VerbOptions = {},
): Promise<TorchrunOutcome> {
  const { storage, torch: host } = adapters;
  if (!host) throw new FoveaError('A folder for torchrun cannot be written here', 'Use the command line');
  if ((await storage.kind(out)) === 'file' || (await storage.list(out)).length > 0) {
    throw mismatch('a new folder', "option 'out'", `${quotePath(out)}, which is there`, 'Choose another name');
  }
  await storage.checkWritable(out);
  const from = openRunFolder(storage, path);
  const description = await from.readDescription();
  const { recipe } = description;
  checkPorted(recipe, 1);
  const { train, val } = await openRunData(adapters, description, path, options);
  const reached = await from.readSnapshot();
  const goesOn = reached !== undefined && endingOf(recipe, reached.state.history) === undefined;
  const snapshot = goesOn
    ? reached
    : await withEngine(adapters, threads, async (engine) => {
        const weights = await weightsAgain(adapters, recipe, {}, options);
        return beginSnapshot(engine, {
          ...{ recipe, train, weights },
          preprocessing: description.preprocessing as Preprocessing,
        });
      });
  const target = openRunFolder(storage, out);
  await storage.makeFolder(out);
  await storage.write(storage.join(out, runFiles.state), writeSnapshot(snapshot));
  if (goesOn) await copyRun(adapters, path, out);
  const written = exported(adapters, description, snapshot, goesOn);
  await writeProgram(storage, host, out, written, { train, val }, { saveEvery: 300 });
  const store = await storeIn(adapters, out);
  const { epoch, step } = snapshot.state;
  const place = goesOn ? `at epoch ${epoch}, step ${step + 1}` : 'anew, with the same first weights';
  for (const [name, text] of schedulerFiles(place, store)) await storage.write(storage.join(out, name), text);
  // Last of all: a folder without it is no run.
  await target.writeDescription(written);
  return { to: 'torchrun', out, from: { epoch, step }, store };
}

/** What the run has reached so far, beside its state. */
async function copyRun({ storage }: Adapters, from: string, to: string): Promise<void> {
  for (const name of [runFiles.best, runFiles.last, runFiles.metrics, runFiles.telemetry]) {
    const file = storage.join(from, name);
    if ((await storage.kind(file)) === 'file') await storage.write(storage.join(to, name), await storage.read(file));
  }
}

function exported(
  adapters: Adapters,
  description: RunDescription,
  { state }: Snapshot,
  goesOn: boolean,
): RunDescription {
  const { bits = engineBits, data } = description;
  const now = adapters.now();
  // What is named within a project is told so that it is found from outside.
  const source = adapters.locate(data.source);
  const split = data.split && { ...data.split, file: adapters.locate(data.split.file) };
  return {
    ...description,
    ...{ error: undefined, failure: undefined, updated: now, status: 'interrupted', epochsDone: state.history.length },
    data: { ...data, source, ...(split ? { split } : {}) },
    // Which PyTorch will compute is not known here.
    ...(goesOn ? { bits: `${bits}+torch` } : { bits: 'torch', created: now, best: undefined, earlier: undefined }),
  };
}

async function storeIn({ storage }: Adapters, out: string): Promise<string | undefined> {
  const bytes = await storage.read(storage.join(out, programFolder, 'job.json'));
  const { folder } = JSON.parse(new TextDecoder().decode(bytes)).pictures as { folder: string };
  return folder === 'pictures' ? undefined : folder;
}
