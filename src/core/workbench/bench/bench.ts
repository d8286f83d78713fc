import type { Engine } from '../../backend/backend.ts';
import { invalid } from '../../errors.ts';
import { presetNamed } from '../../model/presets/index.ts';
import type { Adapters } from '../adapters.ts';
import { alternate, type Budget } from './alternate.ts';
import { benchKernels, type KernelFigures } from './kernels.ts';
import { benchPreset, compileStep, type PresetFigure } from './presets.ts';
import { compilePeak } from './single-op.ts';

export interface BenchRequest {
  /** Default: all cores that this process may use. */
  readonly threads?: number;
  /** Seconds of measuring, about; starting and compiling come on top. Default 25. */
  readonly seconds?: number;
  /** One preset only; default: a few that show most kernels. */
  readonly preset?: string;
}

/** Several numbers of threads side by side. */
export interface ScalingFigure {
  readonly threads: number;
  /** GFLOP/s of the peak. */
  readonly peak: number;
  readonly trainingImagesPerSecond: number;
  /** Training's rate over that of one thread. */
  readonly speedup: number;
}

export interface BenchReport extends KernelFigures {
  readonly environment: Readonly<Record<string, string | number>>;
  readonly threads: number;
  readonly seconds: number;
  readonly presets: readonly PresetFigure[];
  readonly scaling: { readonly preset: string; readonly figures: readonly ScalingFigure[] };
}

export interface BenchOptions {
  readonly signal?: AbortSignal;
  /** What is measured now, and the share of the whole that is done, 0 … 1. */
  readonly onProgress?: (what: string, share: number) => void;
}

const defaultSeconds = 25;
/** Of the time: the parts of the report. */
const shares = { kernels: 0.45, presets: 0.4, scaling: 0.15 } as const;
/** Together they show most kernels, and each is timed in a moment. */
const usualPresets = ['linear', 'mlp', 'lenet5', 'mnist-cnn', 'vgg6-bn', 'resnet20', 'mobile'];
/** What shows how threads scale unless one preset is asked for. */
const usualPreset = 'mnist-cnn';

/**
 * What this machine does, by medians of alternated runs. Every share and ratio compares what was measured in the same
 * seconds. @throws FoveaError for an unknown preset or an option out of range.
 */
export async function bench(
  adapters: Adapters,
  request: BenchRequest,
  options: BenchOptions = {},
): Promise<BenchReport> {
  const { seconds = defaultSeconds, preset } = request;
  if (!(seconds > 0 && Number.isFinite(seconds))) throw invalid('a number above 0', "option 'seconds'", seconds);
  const names = preset === undefined ? usualPresets : [presetNamed(preset).name];
  const { signal, onProgress } = options;
  const budget = (share: number, begin: number, what: string): Budget => ({
    milliseconds: 1000 * seconds * share,
    clock: adapters.clock,
    signal,
    onRound: (done) => onProgress?.(what, begin + share * done),
  });

  onProgress?.('kernels', 0);
  const { figures, threads } = await withEngines(adapters, [request.threads, 1], async ([all, one]) => ({
    threads: all.threads,
    figures: await benchKernels(all, one, budget(shares.kernels, 0, 'kernels')),
  }));

  const presetFigures: PresetFigure[] = [];
  for (const [i, name] of names.entries()) {
    const share = shares.presets / names.length;
    const part = budget(share, shares.kernels + i * share, name);
    presetFigures.push(await withEngines(adapters, [threads], ([engine]) => benchPreset(engine, name, part)));
  }

  const scaled = preset ?? usualPreset;
  const part = budget(shares.scaling, shares.kernels + shares.presets, 'threads');
  const scaling = await withEngines(adapters, threadCounts(threads), (engines) => benchScaling(engines, scaled, part));
  return {
    environment: adapters.environment,
    threads,
    seconds,
    ...figures,
    presets: presetFigures,
    scaling: { preset: scaled, figures: scaling },
  };
}

async function benchScaling(engines: readonly Engine[], preset: string, budget: Budget): Promise<ScalingFigure[]> {
  const peaks = await Promise.all(engines.map(compilePeak));
  const steps = await Promise.all(engines.map((engine) => compileStep(engine, preset)));
  const times = await alternate([...peaks.map(({ timed }) => timed), ...steps.map(({ step }) => step)], budget);
  const trainingTimes = times.slice(engines.length);
  return engines.map(({ threads }, i) => ({
    threads,
    peak: peaks[i].operations / times[i] / 1e6,
    trainingImagesPerSecond: (1000 * steps[i].batch) / trainingTimes[i],
    speedup: trainingTimes[0] / trainingTimes[i],
  }));
}

/** 1, 2, 4 … and the number itself. */
function threadCounts(most: number): number[] {
  const counts: number[] = [];
  for (let count = 1; count < most; count *= 2) counts.push(count);
  return [...counts, most];
}

/** Engines for as long as `use` takes. */
async function withEngines<T>(
  adapters: Adapters,
  threads: readonly (number | undefined)[],
  use: (engines: readonly Engine[]) => Promise<T>,
): Promise<T> {
  const engines: Engine[] = [];
  try {
    for (const count of threads) engines.push(await adapters.createEngine({ threads: count }));
    return await use(engines);
  } finally {
    await Promise.all(engines.map((engine) => engine.dispose()));
  }
}
