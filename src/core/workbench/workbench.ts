import { catalogue, sizeOfSet } from '../dataset/catalogue.ts';
import { presets } from '../model/presets/index.ts';
import { modelSchema } from '../model/schema.ts';
import type { Adapters, DataDescription } from './adapters.ts';
import { type AugmentSheet, type AugmentSheetRequest, augmentSheet } from './augment-sheet.ts';
import { type BenchOptions, type BenchReport, type BenchRequest, bench } from './bench/bench.ts';
import { type ClassifiedFile, type ClassifyRequest, classifyFiles } from './classify.ts';
import { type CompareModelsRequest, compareModels, type ModelComparison } from './compare-models.ts';
import { type Examination, type ExamineRequest, examineData } from './doctor.ts';
import { type FetchedData, type FetchOptions, type FetchRequest, fetchNamed } from './download.ts';
import { type FixOutcome, type FixRequest, fixData } from './fixes.ts';
import { type ListedRun, listRuns } from './runs.ts';
import { type ShowModelRequest, type ShownModel, showModel } from './show-model.ts';
import { type SplitOutcome, type SplitRequest, splitData } from './split.ts';
import { type TestOutcome, type TestRequest, testRun } from './test.ts';
import { type TrainOutcome, type TrainRequest, trainRun, type VerbOptions } from './train.ts';
import { type ModelForm, type WrittenModel, writeModel } from './write-model.ts';

/** A preset as a list shows it. */
export interface ListedModel {
  readonly name: string;
  readonly doc: string;
  readonly minimumSize: number;
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
  /** Everything about a model before it is trained: shapes, counts, fields, kernels, memory, and time if asked for. */
  showModel(request: ShowModelRequest, options?: { readonly signal?: AbortSignal }): Promise<ShownModel>;
  /** A model alone, as a text in one of its forms; undefined where the shorthand cannot say it. */
  writeModel(request: ShowModelRequest, form: ModelForm): Promise<WrittenModel>;
  /** Two of them, and their layers side by side. */
  compareModels(request: CompareModelsRequest, options?: { readonly signal?: AbortSignal }): Promise<ModelComparison>;
  /** The graph of a model as an SVG that stands by itself. */
  drawModel(shown: Pick<ShownModel, 'name' | 'model' | 'summary'>): Promise<string>;
  /** The form of a model file, as JSON Schema. */
  modelSchema(): Readonly<Record<string, unknown>>;
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
    showModel: (request, options) => showModel(adapters, request, options),
    writeModel: (request, form) => writeModel(adapters, request, form),
    compareModels: (request, options) => compareModels(adapters, request, options),
    // Loaded when first needed: other verbs start without a layout of graphs.
    drawModel: async ({ name, model, summary }) => (await import('./picture/svg.ts')).modelSvg(model, summary, name),
    modelSchema,
  };
}
