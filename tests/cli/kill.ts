import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readClassifier } from '../../src/core/classifier/file.ts';
import { readSnapshot } from '../../src/core/train/state.ts';
import { openRunFolder, runFiles } from '../../src/core/workbench/run-folder.ts';
import { fileStorage } from '../../src/node/storage.ts';
import { fovea } from './fovea.ts';

/** Ten epochs of a second or two in all, saved many times within each epoch. */
export const tenEpochs = ['--model', 'lenet5', '--epochs', '10', '--batch', '16', '--seed', '9'] as const;
const often = ['--save-every', '0.0005'] as const;

export interface KilledRun {
  /** Kills that met a training at work. */
  readonly kills: number;
  /** Places where it went on, such as `3.17` for step 17 of epoch 3. */
  readonly places: ReadonlySet<string>;
  readonly weights: string;
  readonly epochs: readonly { readonly epoch: number; readonly loss: number; readonly valLoss: number }[];
}

/**
 * Trains and kills (-9) again and again, up to `kills` times or until it is through, goes on each time, and reads every
 * file after each kill.
 * @param random 0 … 1, for the moments of the kills. @throws when a file cannot be read.
 */
export async function trainThroughKills(
  cwd: string,
  data: string,
  out: string,
  kills: number,
  random: () => number,
): Promise<KilledRun> {
  let killed = 0;
  const places = new Set<string>();
  while (killed < kills) {
    const begun = readdirSync(cwd).includes(out) && readdirSync(join(cwd, out)).includes(runFiles.description);
    const args = begun ? ['train', '--resume', out, ...often] : ['train', data, ...tenEpochs, ...often, '--out', out];
    let timer: NodeJS.Timeout | undefined;
    const { code, stderr } = await fovea(cwd, [...args, '--json'], (text, kill) => {
      // From when it is at work: a process that is only starting has nothing to lose.
      if (!timer && text.includes('Memory:')) timer = setTimeout(() => kill('SIGKILL'), random() * 100);
    });
    clearTimeout(timer);
    if (code !== null && code !== 0) throw new Error(`ended with code ${code}: ${stderr}`);
    // Quicker than its kill.
    if (code === 0) break;
    killed++;
    await readAll(join(cwd, out));
    const state = await openRunFolder(fileStorage, join(cwd, out)).readSnapshot();
    places.add(state ? `${state.state.epoch}.${state.state.step}` : 'none');
  }
  const { json } = await fovea(cwd, ['train', '--resume', out, '--json']);
  await readAll(join(cwd, out));
  return { kills: killed, places, weights: json.weights, epochs: json.epochs };
}

/** Reads each file of a run as what it is; what is being written has another name. @throws when one cannot be read. */
export async function readAll(run: string): Promise<void> {
  const names = readdirSync(run).filter((name) => !name.endsWith('.partial') && name !== runFiles.lock);
  for (const name of names) {
    const path = join(run, name);
    if (name === runFiles.description) await openRunFolder(fileStorage, run).readDescription();
    else if (name === runFiles.state) readSnapshot(readFileSync(path), path);
    else if (name === runFiles.metrics) {
      for (const line of readFileSync(path, 'utf8').split('\n').slice(0, -1)) JSON.parse(line);
    } else if (name === runFiles.telemetry) await openRunFolder(fileStorage, run).readTelemetry();
    else if (name === runFiles.diagnosis) await openRunFolder(fileStorage, run).readDiagnosis();
    else readClassifier(readFileSync(path), path);
  }
}
