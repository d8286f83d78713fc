import { buildPreset, presets } from '../model/presets/index.ts';
import type { ModelSpec } from '../model/spec.ts';
import { type ModelSummary, summarize } from '../model/summary.ts';
import type { Algorithm } from '../plan/lowering.ts';
import { describeKernels, type ModelKernels } from '../train/describe-kernels.ts';
import type { Adapters, DataDescription } from './adapters.ts';
import { type BenchOptions, type BenchReport, type BenchRequest, bench } from './bench/bench.ts';
import { type ClassifiedFile, type ClassifyRequest, classifyFiles } from './classify.ts';
import { type ListedRun, listRuns } from './runs.ts';
import { type TestOutcome, type TestRequest, testRun } from './test.ts';
import { type TrainOutcome, type TrainRequest, trainRun, type VerbOptions } from './train.ts';

/** A preset as a list shows it. */
export interface ListedModel {
  readonly name: string;
  readonly doc: string;
  readonly minimumSize: number;
}

export interface ShownModel {
  readonly model: ModelSpec;
  readonly summary: ModelSummary;
}

/**
 * The product's verbs over what the host gives. Nothing prints: results are returned, progress is told by events. The
 * command line and the server call these and nothing below.
 */
export interface Workbench {
  train(request: TrainRequest, options?: VerbOptions): Promise<TrainOutcome>;
  test(request: TestRequest, options?: VerbOptions): Promise<TestOutcome>;
  classify(request: ClassifyRequest, options?: VerbOptions): Promise<ClassifiedFile[]>;
  runs(folder?: string): Promise<ListedRun[]>;
  showData(nameOrPath: string, request?: { seed?: number; signal?: AbortSignal }): Promise<DataDescription>;
  bench(request?: BenchRequest, options?: BenchOptions): Promise<BenchReport>;
  listModels(): ListedModel[];
  showModel(name: string, data: { readonly input: readonly number[]; readonly classes: number }): ShownModel;
  /** Which kernels will run for each layer, why, and how exactly they compute. */
  showKernels(name: string, model: ModelSpec, algorithm?: Algorithm): ModelKernels;
}

export function createWorkbench(adapters: Adapters): Workbench {
  return {
    train: (request, options) => trainRun(adapters, request, options),
    test: (request, options) => testRun(adapters, request, options),
    classify: (request, options) => classifyFiles(adapters, request, options),
    runs: (folder) => listRuns(adapters, folder),
    showData: (nameOrPath, request = {}) => adapters.describeData(nameOrPath, request),
    bench: (request = {}, options) => bench(adapters, request, options),
    listModels: () => presets.map(({ name, doc, minimumSize }) => ({ name, doc, minimumSize })),
    showModel(name, data) {
      const model = buildPreset(name, data);
      return { model, summary: summarize(model) };
    },
    showKernels: (name, model, algorithm) => describeKernels(model, name, algorithm),
  };
}
