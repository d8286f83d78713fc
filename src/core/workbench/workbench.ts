import { catalogue, sizeOfSet } from '../dataset/catalogue.ts';
import { buildPreset, presets } from '../model/presets/index.ts';
import type { ModelSpec } from '../model/spec.ts';
import { type ModelSummary, summarize } from '../model/summary.ts';
import type { Algorithm } from '../plan/lowering.ts';
import { describeKernels, type ModelKernels } from '../train/describe-kernels.ts';
import type { Adapters, DataDescription } from './adapters.ts';
import { type AddOutcome, type AddRequest, addLabelled } from './add.ts';
import { type AugmentSheet, type AugmentSheetRequest, augmentSheet } from './augment-sheet.ts';
import { type BenchOptions, type BenchReport, type BenchRequest, bench } from './bench/bench.ts';
import { type ClassifiedFile, type ClassifyRequest, classifyFiles } from './classify.ts';
import { type Examination, type ExamineRequest, examineData } from './doctor.ts';
import { type FetchedData, type FetchOptions, type FetchRequest, fetchNamed } from './download.ts';
import { type FixOutcome, type FixRequest, fixData } from './fixes.ts';
import { type Choice, type Labelling, type LabelRequest, openLabelling, type Suggestion, undoLabel } from './label.ts';
import { readDecisions } from './label-decisions.ts';
import { type ListedRun, listRuns } from './runs.ts';
import { type SortOutcome, type SortRequest, sortPictures } from './sort.ts';
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
  /** Copies pictures into a folder for each predicted class. An interruption is told in the result. */
  sort(request: SortRequest, options?: VerbOptions): Promise<SortOutcome>;
  /** Opens a pool to label it: predicted, least certain first. Must be closed. */
  label(request: LabelRequest, options?: VerbOptions): Promise<Labelling>;
  /** Decisions that were made elsewhere, for a labelling that is open. */
  readDecisions(file: string, labelling: Labelling): Promise<[Suggestion, Choice][]>;
  /** Takes back the last decision about a pool. */
  undoLabel(request: Pick<LabelRequest, 'pool'>, options?: VerbOptions): ReturnType<typeof undoLabel>;
  /** Lets the labelled pictures of a pool count to data. */
  addLabelled(request: AddRequest, options?: VerbOptions): Promise<AddOutcome>;
  runs(folder?: string): Promise<ListedRun[]>;
  showData(nameOrPath: string, request?: { seed?: number; signal?: AbortSignal }): Promise<DataDescription>;
  /** Looks at every picture and tells what is wrong. Reads fixes, changes nothing. */
  examineData(request: ExamineRequest, options?: VerbOptions): Promise<Examination>;
  /** Small pictures as data URIs, by origin, for a page about an examination. */
  thumbnails(data: string, origins: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** Keeps, takes back or lists what a person decided about data, beside them. */
  fixData(request: FixRequest, options?: VerbOptions): Promise<FixOutcome>;
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
    sort: (request, options) => sortPictures(adapters, request, options),
    label: (request, options) => openLabelling(adapters, request, options),
    readDecisions: (file, labelling) => readDecisions(adapters.storage, file, labelling),
    undoLabel: (request, options) => undoLabel(adapters, request, options),
    addLabelled: (request, options) => addLabelled(adapters, request, options),
    runs: (folder) => listRuns(adapters, folder),
    showData: (nameOrPath, request = {}) => adapters.describeData(nameOrPath, request),
    examineData: (request, options) => examineData(adapters, request, options),
    thumbnails: (data, origins, signal) => adapters.thumbnails(data, origins, { signal }),
    fixData: (request, options) => fixData(adapters, request, options),
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
