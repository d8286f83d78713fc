// Trains each pinned model by the Node that runs this, prints one line of JSON: `node --import tsx train-bits.ts THREADS
// [turbo]`, THREADS being a number or `inline`.
import { createEngine } from '../../src/node/engine.ts';
import { prepareTurbo } from '../../src/node/turbo.ts';
import { pinned, trainedSpecs, trainSteps } from '../train-steps.ts';

/** What `train-bits.ts` prints. */
export interface TrainedBits {
  readonly node: string;
  readonly v8: string;
  /** Where it was asked for. */
  readonly turbo?: { readonly on: boolean; readonly text: string };
  /** Hash of weights and losses, by the model's name. */
  readonly hashes: Readonly<Record<string, string>>;
}

const [threads, word] = process.argv.slice(2);
const turbo = word === 'turbo';
const hashes: Record<string, string> = {};
for (const [name, spec] of Object.entries(trainedSpecs)) {
  const engine = await createEngine(
    threads === 'inline' ? { inline: true } : { threads: Number(threads), turbo, inlineWork: 0 },
  );
  hashes[name] = (await trainSteps(engine, spec, pinned.steps, pinned.batch)).hash;
  await engine.dispose();
}
const result: TrainedBits = { node: process.version, v8: process.versions.v8, hashes };
console.log(JSON.stringify(turbo ? { ...result, turbo: await prepareTurbo() } : result));
process.exit(0);
