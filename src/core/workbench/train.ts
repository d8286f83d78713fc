import { hashDataset } from '../dataset/hash.ts';
import type { Leak } from '../dataset/leak-gate.ts';
import { engineBits } from '../train/bits.ts';
import { gatherFacts } from '../train/diagnosis/facts.ts';
import { checkMemory } from '../train/forecast.ts';
import type { Adapters } from './adapters.ts';
import { carryOut } from './carry-out.ts';
import { chooseForData } from './choose-training.ts';
import { resumeRun } from './resume-run.ts';
import { checkRunFolder, makeRunFolder, type RunDescription } from './run-folder.ts';
import { openTorch } from './torch/open-torch.ts';
import type { TrainOutcome, TrainRequest } from './train-request.ts';
import { noteTo, type VerbOptions } from './verb.ts';
import { foveaVersion } from './version.ts';
import { withEngine } from './with-engine.ts';

export async function trainRun(
  adapters: Adapters,
  request: TrainRequest,
  options: VerbOptions = {},
): Promise<TrainOutcome> {
  if (request.resume !== undefined) return resumeRun(adapters, request.resume, request, options);
  await checkRunFolder(adapters.storage, request.out, request.runs);
  const chosen = await chooseForData(adapters, request, options);
  const { source, train, val: valPart, leaks, split, recipe, preprocessing } = chosen;
  const { data, split: splitFile, strict = false, keepLeaks = false } = chosen.request;
  const elsewhere = await openTorch(adapters, recipe, request.torch);
  return withEngine(adapters, request.threads, async (engine) => {
    const { machineMemory } = adapters;
    if (!elsewhere) {
      checkMemory({ engine, recipe, train, val: valPart, preprocessing, machineMemory, mode: request.memory });
    }
    // The folder comes last of all that can fail, so that a mistake leaves none behind.
    const run = await makeRunFolder(adapters.storage, request.out, source.name, recipe.modelName, request.runs);
    const created = adapters.now();
    const description: RunDescription = {
      format: 'fovea-run',
      version: 1,
      fovea: foveaVersion,
      created,
      updated: created,
      status: 'running',
      data: {
        source: adapters.resolveData(data as string),
        name: source.name,
        train: await hashDataset(train),
        val: await hashDataset(valPart),
        images: { train: train.count, val: valPart.count, test: source.test?.count ?? 0 },
        classNames: [...train.classNames],
        skipped: source.skipped.length,
        strict,
        ...(split ? { split: { file: adapters.resolveData(splitFile as string), hash: split.hash } } : {}),
        ...(source.store ? { store: source.store } : {}),
        ...(leaks.length > 0 ? { leaks: { count: leaks.length, kept: keepLeaks } } : {}),
        facts: gatherFacts(train, valPart, preprocessing, keepLeaks ? countLeaked(leaks) : 0),
      },
      recipe,
      preprocessing,
      why: chosen.why,
      ...(chosen.matched ? { weights: chosen.matched.report } : {}),
      bits: elsewhere?.bits ?? engineBits,
      environment: adapters.environment,
      epochsDone: 0,
    };
    const lock = await run.lock(adapters, noteTo(options));
    try {
      await run.claim(description);
      const parts = { train, val: valPart, leaks, weights: chosen.matched?.weights };
      return await carryOut(
        adapters,
        engine,
        { run, lock, elsewhere },
        description,
        parts,
        undefined,
        request,
        options,
      );
    } finally {
      await lock.release();
    }
  });
}

/** Validation pictures with a copy among the training pictures. */
const countLeaked = (leaks: readonly Leak[]): number =>
  new Set(leaks.filter(({ part, copyPart }) => part === 'train' && copyPart === 'val').map(({ copy }) => copy)).size;
