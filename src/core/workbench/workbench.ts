import { catalogue, sizeOfSet } from '../dataset/catalogue.ts';
import { buildPreset, presets } from '../model/presets/index.ts';
import type { ModelSpec } from '../model/spec.ts';
import { type ModelSummary, summarize } from '../model/summary.ts';
import type { Algorithm } from '../plan/lowering.ts';
import { describeKernels, type ModelKernels } from '../train/describe-kernels.ts';
import type { Adapters, DataDescription } from './adapters.ts';
import { type AugmentSheet, type AugmentSheetRequest, augmentSheet } from './augment-sheet.ts';
import { type BenchOptions, type BenchReport, type BenchRequest, bench } from './bench/bench.ts';
import { type ClassifiedFile, type ClassifyRequest, classifyFiles } from './classify.ts';
import { type Examination, type ExamineRequest, examineData } from './doctor.ts';
import { type FetchedData, type FetchOptions, type FetchRequest, fetchNamed } from './download.ts';
import { type FixOutcome, type FixRequest, fixData } from './fixes.ts';
import { type PrepareOutcome, type PrepareRequest, prepareData, type StoppedPreparation } from './prepare-data.ts';
import { type ListedRun, listRuns } from './runs.ts';
import { type SplitOutcome, type SplitRequest, splitData } from './split.ts';
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

/** A data set that can be fetched by name, as a list shows it. */
export interface ListedSet {
  readonly name: string;
  readonly doc: string;
  readonly bytes: number;
  readonly licence: string;
  readonly homepage: string;
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
  /** `verify`: reads a prepared store through and compares its hashes. */
  showData(
    nameOrPath: string,
    request?: { seed?: number; signal?: AbortSignal; verify?: boolean },
  ): Promise<DataDescription>;
  /** Looks at every picture and tells what is wrong. Reads fixes, changes nothing. */
  examineData(request: ExamineRequest, options?: VerbOptions): Promise<Examination>;
  /** Small pictures as data URIs, by origin, for a page about an examination. */
  thumbnails(data: string, origins: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** Keeps, takes back or lists what a person decided about data, beside them. */
  fixData(request: FixRequest, options?: VerbOptions): Promise<FixOutcome>;
  /** Decodes data once into a store, or brings one up to date; an interruption is told in the result. */
  prepareData(request: PrepareRequest, options?: VerbOptions): Promise<PrepareOutcome | StoppedPreparation>;
  /** Deals pictures out to train, val and test, and writes it down. */
  splitData(request: SplitRequest, options?: VerbOptions): Promise<SplitOutcome>;
  /** Fetches a data set by name; an interruption is told in the result. */
  fetchData(request: FetchRequest, options?: FetchOptions): Promise<FetchedData>;
  listSets(): ListedSet[];
  /** Draws pictures as training sees them. */
  augmentSheet(request: AugmentSheetRequest, options?: VerbOptions): Promise<AugmentSheet>;
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
    examineData: (request, options) => examineData(adapters, request, options),
    thumbnails: (data, origins, signal) => adapters.thumbnails(data, origins, signal),
    fixData: (request, options) => fixData(adapters, request, options),
    prepareData: (request, options) => prepareData(adapters, request, options),
    splitData: (request, options) => splitData(adapters, request, options),
    fetchData: (request, options) => fetchNamed(adapters, request, options),
    listSets: () =>
      catalogue.map((set) => ({
        name: set.name,
        doc: set.doc,
        bytes: sizeOfSet(set),
        licence: set.licence,
        homepage: set.homepage,
      })),
    augmentSheet: (request, options) => augmentSheet(adapters, request, options),
    bench: (request = {}, options) => bench(adapters, request, options),
    listModels: () => presets.map(({ name, doc, minimumSize }) => ({ name, doc, minimumSize })),
    showModel(name, data) {
      const model = buildPreset(name, data);
      return { model, summary: summarize(model) };
    },
    showKernels: (name, model, algorithm) => describeKernels(model, name, algorithm),
  };
}
