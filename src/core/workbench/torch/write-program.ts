import type { Engine } from '../../backend/backend.ts';
import type { Dataset } from '../../dataset/dataset.ts';
import { beginWeights } from '../../train/held-state.ts';
import { compileEvaluation, resolveOptimizer } from '../../train/programs.ts';
import type { Snapshot } from '../../train/state.ts';
import type { TrainingJob } from '../../train/training-job.ts';
import type { RunDescription } from '../run-folder.ts';
import type { Storage } from '../storage.ts';
import { parametersOf, torchJob, torchModel } from './job.ts';
import type { TorchHost } from './launch.ts';
import { placePictures } from './pictures.ts';

/** Within a run's folder: the program, what it is to do, and pictures that lie in no store. */
export const programFolder = 'distributed';

/** Writes everything that torchrun needs beside the run's state. @returns the program's path. */
export async function writeProgram(
  storage: Storage,
  host: TorchHost,
  run: string,
  description: RunDescription,
  parts: { readonly train: Dataset; readonly val: Dataset },
  { saveEvery, portable = false }: { readonly saveEvery: number; readonly portable?: boolean },
): Promise<string> {
  const folder = storage.join(run, programFolder);
  await storage.makeFolder(folder);
  const pictures = await placePictures(storage, folder, parts, portable);
  for (const [name, content] of await host.program()) await storage.write(storage.join(folder, name), content);
  await storage.write(storage.join(folder, 'model.py'), torchModel(description.recipe));
  const job = torchJob(description, pictures, saveEvery);
  await storage.write(storage.join(folder, 'job.json'), `${JSON.stringify(job, null, 1)}\n`);
  return storage.join(folder, 'train.py');
}

/** Where a training begins, the same weights as the engine begins with; no graph of a step is compiled for it. */
export async function beginSnapshot(
  engine: Engine,
  job: Pick<TrainingJob, 'recipe' | 'train' | 'preprocessing' | 'weights'>,
): Promise<Snapshot> {
  const { recipe, preprocessing } = job;
  const evaluation = await compileEvaluation(engine, recipe.model, preprocessing, 1, recipe.algorithm);
  const snapshot = beginWeights({ engine, ...job }, { evaluation, training: { stateNames: [] } });
  const { optimizer, options } = resolveOptimizer(recipe.optimizer);
  const states = parametersOf(recipe)
    .filter(({ trainable }) => trainable)
    .flatMap(({ name, fileShape }) => {
      const size = fileShape.reduce((product, side) => product * side, 1);
      return optimizer.states(options).map((state) => [`${name}.${state}`, new Float32Array(size)] as const);
    });
  return { ...snapshot, optimizer: new Map(states) };
}
