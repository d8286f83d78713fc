import { z } from 'zod';
import { invalid, mismatch } from '../errors.ts';
import { checkJson, parseJson } from '../train/check.ts';
import type { Adapters } from './adapters.ts';
import { namesFile } from './find-model.ts';
import { plainName } from './run-folder.ts';
import { readText } from './storage.ts';
import type { SweepRequest } from './sweep.ts';
import { listSettings, type SweepPlan, sweepPlanSchema } from './sweep-plan.ts';
import { requestOf } from './sweep-request.ts';
import type { TrainRequest } from './train-request.ts';
import { foveaVersion } from './version.ts';

/** What is each run's own, or this machine's: no part of what all runs share. */
const notShared = ['resume', 'like', 'out', 'runs', 'seed', 'threads', 'data', 'memory', 'mirrors', 'torch'] as const;

/** What all runs of a sweep share. */
export type SweepBase = Omit<TrainRequest, (typeof notShared)[number]>;

/** The name of the file that makes a folder a sweep. */
export const sweepFile = 'sweep.json';

const sweepSchema = z.object({
  format: z.literal('fovea-sweep'),
  version: z.literal(1),
  fovea: z.string(),
  created: z.string(),
  data: z.string(),
  plan: sweepPlanSchema,
  base: z.looseObject({ epochs: z.int().min(1).optional() }),
});

/** A sweep as its runs need it: what opens data and files from here. */
export interface Sweep {
  readonly plan: SweepPlan;
  readonly data: string;
  readonly base: SweepBase;
}

/** Makes the folder of a new sweep. @throws FoveaError when there is one, or the plan cannot be. */
export async function beginSweep(
  adapters: Adapters,
  { data, plan, base = {}, out, sweeps = 'sweeps' }: SweepRequest,
): Promise<{ folder: string; sweep: Sweep }> {
  const { storage } = adapters;
  if (data === undefined || plan === undefined) throw invalid('data and a plan', 'the sweep', undefined);
  const checked = checkJson(sweepPlanSchema, plan, 'the plan of the sweep') as SweepPlan;
  // A mistake in a field shows before anything is trained.
  for (const setting of listSettings(checked)) requestOf(setting);
  const sweep = { plan: checked, data, base };
  const written = {
    ...{ format: 'fovea-sweep', version: 1, fovea: foveaVersion, created: adapters.now() },
    ...{ data: adapters.resolveData(data), plan: checked, base: await recorded(adapters, base) },
  };
  const text = `${JSON.stringify(written, null, 2)}\n`;
  if (out !== undefined) {
    await storage.makeFolder(out);
    if (!(await storage.create(storage.join(out, sweepFile), text))) {
      throw mismatch(
        'a new folder',
        "option 'out'",
        `'${out}', which holds a sweep`,
        `Go on with it: fovea sweep --resume ${out}`,
      );
    }
    return { folder: out, sweep };
  }
  const stem = plainName(data.split(/[\\/]/).filter(Boolean).at(-1) ?? data);
  for (let n = 1; ; n++) {
    const folder = storage.join(sweeps, `${stem}-${n}`);
    if (!(await storage.makeFolder(folder, { fresh: true }))) continue;
    await storage.create(storage.join(folder, sweepFile), text);
    return { folder, sweep };
  }
}

/** @throws FoveaError when the folder holds no sweep. */
export async function openSweep(adapters: Adapters, folder: string): Promise<{ folder: string; sweep: Sweep }> {
  const { storage } = adapters;
  const file = storage.join(folder, sweepFile);
  if ((await storage.kind(file)) !== 'file') {
    throw mismatch('the folder of a sweep', `'${folder}'`, `none with ${sweepFile}`, 'Check the path');
  }
  const { plan, data, base } = parseJson(sweepSchema, await readText(storage, file), `file '${file}'`);
  return { folder, sweep: { plan, data: adapters.locate(data), base: located(adapters, base) } };
}

/** Fields of the base that may name a file or a folder. */
const places = ['split', 'weights', 'classWeightsFile', 'model'] as const;

/** With its files named so that they are found from everywhere. */
async function recorded({ storage, resolveData }: Adapters, base: SweepBase): Promise<Record<string, unknown>> {
  const written: Record<string, unknown> = { ...base };
  for (const field of places) {
    const named = base[field];
    if (typeof named === 'string' && (await namesFile(storage, named))) written[field] = resolveData(named);
  }
  return written;
}

/** Without what another machine might have put there for this one. */
function located({ locate }: Adapters, base: Readonly<Record<string, unknown>>): SweepBase {
  const shared = Object.entries(base).filter(([field]) => !(notShared as readonly string[]).includes(field));
  return Object.fromEntries(
    shared.map(([field, value]) => [
      field,
      typeof value === 'string' && (places as readonly string[]).includes(field) ? locate(value) : value,
    ]),
  );
}
