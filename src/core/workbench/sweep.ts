import { FoveaError } from '../errors.ts';
import { meanAndDeviation } from '../evaluate/welch.ts';
import { bestEpoch, type EpochRecord } from '../train/history.ts';
import type { Adapters } from './adapters.ts';
import { rememberData } from './remember-data.ts';
import { openRunFolder, type RunStatus, runFiles } from './run-folder.ts';
import { stopSignal } from './stop-signal.ts';
import { beginSweep, openSweep, type SweepBase } from './sweep-file.ts';
import { listSettings, type PlanInput, rungsOf, type Setting, type SweepPlan } from './sweep-plan.ts';
import { requestOf } from './sweep-request.ts';
import { trainRun } from './train.ts';
import type { TrainRequest } from './train-request.ts';
import type { VerbOptions } from './verb.ts';

export interface SweepRequest {
  /** A new sweep: its data, its plan, and what all runs share; not with `resume`. */
  readonly data?: string;
  readonly plan?: PlanInput;
  readonly base?: SweepBase;
  /** Its folder; default `<sweeps>/<data>-<n>`. */
  readonly out?: string;
  /** The folder of a sweep that is to go on. */
  readonly resume?: string;
  /** The folder of sweeps. Default `sweeps`. */
  readonly sweeps?: string;
  /** Runs at a time, each with its share of the cores; changes no number. Default: as many as there are cores. */
  readonly jobs?: number;
}

export interface SweepOptions extends VerbOptions {
  /** After each run, and each rung that a run has reached. */
  readonly onTrial?: (
    trial: Trial,
    setting: Setting,
    progress: { readonly done: number; readonly total: number },
  ) => void;
}

/** One run of a setting. */
export interface Trial {
  readonly seed: number;
  readonly run: string;
  readonly status: RunStatus | 'waiting';
  readonly epochs: number;
  readonly best: EpochRecord | undefined;
  readonly error?: string;
}

export interface SweptSetting extends Setting {
  readonly trials: readonly Trial[];
  /** Over the seeds; undefined where a run has failed or none has an epoch. */
  readonly mean: number | undefined;
  readonly deviation: number;
  /** Rungs of successive halving that it has reached, from 1. */
  readonly rung: number;
}

export interface SweepOutcome {
  readonly sweep: string;
  readonly status: 'finished' | 'interrupted';
  readonly plan: SweepPlan;
  /** Epochs of each rung. */
  readonly rungs: readonly number[];
  /** The best first: by the rung that they reached, then by the metric. */
  readonly settings: readonly SweptSetting[];
}

/** A setting goes before what all runs share, field by field. */
const withSetting = (base: SweepBase, own: Partial<TrainRequest>): Partial<TrainRequest> => ({
  ...base,
  ...own,
  ...(base.overrides || own.overrides ? { overrides: { ...base.overrides, ...own.overrides } } : {}),
});

/**
 * Trains each setting of a plan with each seed, several runs at a time, each a run folder of its own. What was done
 * before is not done again, so a sweep that was stopped or killed goes on where it was. A run that fails is told and
 * counted as the worst.
 * @throws FoveaError for a plan that cannot be, or data that cannot be opened.
 */
export async function sweepRuns(
  adapters: Adapters,
  request: SweepRequest,
  options: SweepOptions = {},
): Promise<SweepOutcome> {
  const { folder, sweep } = await (request.resume === undefined
    ? beginSweep(adapters, request)
    : openSweep(adapters, request.resume));
  const { storage } = adapters;
  const { plan, data, base } = sweep;
  const settings = listSettings(plan);
  const cores = Number(adapters.environment.cores) || 1;
  const jobs = Math.max(1, request.jobs ?? cores);
  const threads = Math.max(1, Math.floor(cores / jobs));
  const remembered = rememberData(adapters);
  const seeds = Array.from({ length: plan.seeds }, (_, i) => plan.seed + i);
  const place = ({ id }: Setting, seed: number): string =>
    storage.join(folder, seed === plan.seed ? id : `${id}-s${seed}`);
  const errors = new Map<string, string>();
  const reached = new Map<Setting, number>();

  /** Trains one run up to an epoch; nothing where it is there already. */
  const train = async (setting: Setting, seed: number, until: number): Promise<void> => {
    const run = place(setting, seed);
    const trial = await readTrial(adapters, run, seed);
    if (
      trial.status === 'finished' ||
      trial.status === 'stopped-early' ||
      trial.status === 'failed' ||
      trial.epochs >= until
    )
      return;
    const stop = stopSignal(options.signal);
    const own: TrainRequest =
      trial.status === 'waiting'
        ? { ...withSetting(base, requestOf(setting)), data, seed, out: run, threads }
        : { resume: run, threads };
    try {
      await trainRun(remembered, own, {
        signal: stop,
        onEvent: (event) => void (event.kind === 'epoch' && event.record.epoch >= until && stop.stop()),
      });
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      errors.set(run, error.message);
    }
  };

  let survivors: readonly Setting[] = settings;
  const total = settings.length * seeds.length;
  let rungs: readonly number[] = [];
  // How long all runs are is known for certain when the first has begun.
  const lengthOf = async (): Promise<number> => {
    for (const setting of settings) {
      for (const seed of seeds) {
        const { of } = await readTrial(adapters, place(setting, seed), seed);
        if (of !== undefined) return of;
      }
    }
    throw new FoveaError([...errors.values()][0] ?? 'Interrupted before the first run had begun');
  };
  if (plan.halving === undefined) rungs = [Infinity];
  else if (base.epochs !== undefined) rungs = rungsOf(settings.length, base.epochs, plan);
  else
    throw new FoveaError('Expected the number of epochs for successive halving but received none', 'Add --epochs 27');
  for (const [rung, until] of rungs.entries()) {
    const waiting = survivors.flatMap((setting) => seeds.map((seed) => ({ setting, seed })));
    let done = rung === 0 ? 0 : total - waiting.length;
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next && !options.signal?.aborted; next = waiting.shift()) {
        const { setting, seed } = next;
        await train(setting, seed, until);
        reached.set(setting, rung + 1);
        const trial = withError(await readTrial(adapters, place(setting, seed), seed), errors);
        if (!options.signal?.aborted) options.onTrial?.(trial, setting, { done: ++done, total });
      }
    };
    const outcomes = await Promise.allSettled(Array.from({ length: jobs }, work));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    if (options.signal?.aborted) break;
    if (rung === 0 && errors.size === total) throw new FoveaError([...errors.values()][0]);
    if (rung === rungs.length - 1) break;
    const scored: { setting: Setting; score: number }[] = [];
    for (const setting of survivors) {
      scored.push({
        setting,
        score: await scoreOf(
          adapters,
          plan,
          seeds.map((seed) => place(setting, seed)),
          until,
        ),
      });
    }
    scored.sort((a, b) => b.score - a.score);
    survivors = scored.slice(0, Math.ceil(survivors.length / plan.halving!)).map(({ setting }) => setting);
  }
  const swept: SweptSetting[] = [];
  for (const setting of settings) {
    const trials: Trial[] = [];
    for (const seed of seeds) trials.push(withError(await readTrial(adapters, place(setting, seed), seed), errors));
    const numbers = trials.map(({ best, status }) => (status === 'failed' ? undefined : best?.[plan.metric]));
    const whole = numbers.every((number) => number !== undefined);
    const { mean, deviation } = meanAndDeviation(whole ? (numbers as number[]) : []);
    swept.push({ ...setting, trials, mean: whole ? mean : undefined, deviation, rung: reached.get(setting) ?? 0 });
  }
  const sign = plan.metric === 'valLoss' ? -1 : 1;
  const worth = ({ mean }: SweptSetting): number => (mean === undefined ? -Number.MAX_VALUE : sign * mean);
  swept.sort((a, b) => b.rung - a.rung || worth(b) - worth(a) || (a.id < b.id ? -1 : 1));
  return {
    sweep: folder,
    status: options.signal?.aborted ? 'interrupted' : 'finished',
    plan,
    rungs: plan.halving === undefined ? [await lengthOf()] : rungs,
    settings: swept,
  };
}

const withError = (trial: Trial, errors: ReadonlyMap<string, string>): Trial => {
  const error = errors.get(trial.run);
  return error === undefined ? trial : { ...trial, status: 'failed', error };
};

/** What a run's folder says; `waiting` where there is none yet. */
async function readTrial(
  { storage }: Adapters,
  run: string,
  seed: number,
): Promise<Trial & { readonly of: number | undefined }> {
  if ((await storage.kind(storage.join(run, runFiles.description))) !== 'file') {
    return { seed, run, status: 'waiting', epochs: 0, best: undefined, of: undefined };
  }
  const { status, epochsDone, best, error, recipe } = await openRunFolder(storage, run).readDescription();
  return { seed, run, status, epochs: epochsDone, best, of: recipe.epochs, ...(error === undefined ? {} : { error }) };
}

/** Larger is better: the best of the metric within the first `until` epochs, over the seeds; a failed run is the worst. */
async function scoreOf(
  { storage }: Adapters,
  { metric }: SweepPlan,
  runs: readonly string[],
  until: number,
): Promise<number> {
  let sum = 0;
  for (const run of runs) {
    if ((await storage.kind(storage.join(run, runFiles.description))) !== 'file') return -Number.MAX_VALUE;
    const folder = openRunFolder(storage, run);
    if ((await folder.readDescription()).status === 'failed') return -Number.MAX_VALUE;
    const best = bestEpoch((await folder.readHistory()).slice(0, until));
    if (!best) return -Number.MAX_VALUE;
    sum += metric === 'valLoss' ? -best.valLoss : best.valAccuracy;
  }
  return sum / runs.length;
}
