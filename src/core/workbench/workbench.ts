import { catalogue, sizeOfSet } from '../dataset/catalogue.ts';
import { presets } from '../model/presets/index.ts';
import { modelSchema } from '../model/schema.ts';
import { type NamedRecipe, namedRecipes } from '../train/recipes/index.ts';
import type { Adapters, DataDescription, LookRequest } from './adapters.ts';
import type { AddOutcome, AddRequest } from './add.ts';
import { type AugmentSheet, type AugmentSheetRequest, augmentSheet } from './augment-sheet.ts';
import { type BenchOptions, type BenchReport, type BenchRequest, bench } from './bench/bench.ts';
import type { CalibrateOutcome, CalibrateRequest } from './calibrate.ts';
import { type ClassifiedFile, type ClassifyRequest, classifyFiles } from './classify.ts';
import type { CompareRequest, Comparison } from './compare.ts';
import { type CompareModelsRequest, compareModels, type ModelComparison } from './compare-models.ts';
import { type DiagnoseRequest, diagnoseRun, type RunDiagnosis } from './diagnose-run.ts';
import type { Examination, ExamineRequest } from './doctor.ts';
import { type FetchedData, type FetchOptions, type FetchRequest, fetchNamed } from './download.ts';
import { type Explaining, type ExplainRequest, openExplaining } from './explain.ts';
import type { ExportOutcome as ExportedModel, ExportRequest as ExportModelRequest } from './export.ts';
import { type ExportedRun, type ExportRunRequest, exportRun } from './export-run.ts';
import type { FixOutcome, FixRequest } from './fixes.ts';
import type { ImportOutcome, ImportRequest } from './import.ts';
import { type Choice, type Labelling, type LabelRequest, openLabelling, type Suggestion, undoLabel } from './label.ts';
import { readDecisions } from './label-decisions.ts';
import { findRate, type LrFindOutcome, type LrFindRequest } from './lr-find.ts';
import type { BringHereRequest } from './moving/bring-here.ts';
import type { BroughtRun } from './moving/bring-run.ts';
import type { TakenRun, TakeRequest } from './moving/take-run.ts';
import { type PrepareOutcome, type PrepareRequest, prepareData, type StoppedPreparation } from './prepare-data.ts';
import { type ExportOutcome, type ExportRequest, exportProject } from './project/export.ts';
import { type OpenedProject, type OpenProjectRequest, openProjectFile } from './project/import.ts';
import {
  addProjectData,
  createProject,
  findProject,
  type NewProjectRequest,
  type Project,
  readProject,
} from './project/project.ts';
import { type ShownProject, showProject } from './project/show.ts';
import {
  addWithin,
  calibrateWithin,
  compareWithin,
  type DataWithin,
  examineWithin,
  exportTorchrunWithin,
  fixWithin,
  reportWithin,
  runOf,
  runsWithin,
  showWithin,
  splitWithin,
  suspectsWithin,
  sweepWithin,
  testWithin,
  thumbnailsWithin,
  trainWithin,
  type Within,
} from './project/verbs.ts';
import type { ReportContent, ReportRequest } from './report.ts';
import { type ReproduceRequest, type Reproduction, reproduceRun } from './reproduce.ts';
import type { ListedRun, RunsQuery } from './runs.ts';
import { type ShowModelRequest, type ShownModel, showModel } from './show-model.ts';
import { type ShownRecipe, type ShowRecipeRequest, showRecipe } from './show-recipe.ts';
import { type SortOutcome, type SortRequest, sortPictures } from './sort.ts';
import type { SplitOutcome, SplitRequest } from './split.ts';
import type { SuspectsOutcome, SuspectsRequest } from './suspects.ts';
import type { SweepOptions, SweepOutcome, SweepRequest } from './sweep.ts';
import type { TestOutcome, TestRequest } from './test.ts';
import type { TorchrunOutcome, TorchrunRequest } from './torch/export-torchrun.ts';
import type { TrainOutcome, TrainRequest } from './train-request.ts';
import type { VerbOptions } from './verb.ts';
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
  train(request: TrainRequest & Within, options?: VerbOptions): Promise<TrainOutcome>;
  test(request: TestRequest & Within, options?: VerbOptions): Promise<TestOutcome>;
  classify(request: ClassifyRequest & Within, options?: VerbOptions): Promise<ClassifiedFile[]>;
  /** What a report about a test shows, as data; no test picture is run. */
  gatherReport(request: ReportRequest & Within, options?: VerbOptions): Promise<ReportContent>;
  /** Fits a trained model's temperature on its validation pictures, and chooses when it says "unknown". */
  calibrate(request: CalibrateRequest & Within, options?: VerbOptions): Promise<CalibrateOutcome>;
  /** Copies pictures into a folder for each predicted class. An interruption is told in the result. */
  sort(request: SortRequest & Within, options?: VerbOptions): Promise<SortOutcome>;
  /** Opens a classifier to look into it: feature maps, heatmaps, the arithmetic of one value. Must be closed. */
  explain(request: ExplainRequest & Within, options?: VerbOptions): Promise<Explaining>;
  /** Opens a pool to label it: predicted, least certain first. Must be closed. */
  label(request: LabelRequest & Within, options?: VerbOptions): Promise<Labelling>;
  /** Decisions that were made elsewhere, for a labelling that is open. */
  readDecisions(file: string, labelling: Labelling): Promise<[Suggestion, Choice][]>;
  /** Takes back the last decision about a pool. */
  undoLabel(request: Pick<LabelRequest, 'pool'>, options?: VerbOptions): ReturnType<typeof undoLabel>;
  /** Lets the labelled pictures of a pool count to data. */
  addLabelled(request: DataWithin<AddRequest>, options?: VerbOptions): Promise<AddOutcome>;
  /** Runs of a folder (default `runs`), filtered and sorted. */
  runs(query?: RunsQuery | string, request?: Within): Promise<ListedRun[]>;
  /** Lays runs beside each other and says whether their difference is more than chance. */
  compareRuns(request: CompareRequest & Within, options?: VerbOptions): Promise<Comparison>;
  exportRun(request: ExportRunRequest): Promise<ExportedRun>;
  /** Writes a run as one file, with its pictures if that is wanted, to go on with it elsewhere. */
  takeRun(request: TakeRequest, options?: VerbOptions): Promise<TakenRun>;
  /** Makes a run of such a file. */
  bringRun(request: BringHereRequest, options?: VerbOptions): Promise<BroughtRun>;
  /** Says what a run's record means: from its files alone. */
  diagnoseRun(request: DiagnoseRequest & Within): Promise<RunDiagnosis>;
  /** Looks for a learning rate; weights are not kept. */
  findLearningRate(request: LrFindRequest, options?: VerbOptions): Promise<LrFindOutcome>;
  /** Trains many settings of a recipe, several at a time, or goes on with such a sweep. */
  sweep(request: SweepRequest & Within, options?: SweepOptions): Promise<SweepOutcome>;
  /** Trains a run again and compares every loss and the weights, bit for bit. */
  reproduce(request: ReproduceRequest, options?: VerbOptions): Promise<Reproduction>;
  showData(nameOrPath: string | undefined, request?: LookRequest & Within): Promise<DataDescription>;
  /** Looks at every picture and tells what is wrong. Reads fixes, changes nothing. */
  examineData(request: DataWithin<ExamineRequest>, options?: VerbOptions): Promise<Examination>;
  /** Small pictures as data URIs, by origin, for a page about an examination. */
  thumbnails(
    data: string,
    origins: readonly string[],
    signal?: AbortSignal,
    request?: Within,
  ): Promise<ReadonlyMap<string, string>>;
  /** Trains several models, each on a part, to find labels that are probably wrong. */
  suspectLabels(request: DataWithin<SuspectsRequest>, options?: VerbOptions): Promise<SuspectsOutcome>;
  /** Keeps, takes back or lists what a person decided about data, beside them. */
  fixData(request: DataWithin<FixRequest>, options?: VerbOptions): Promise<FixOutcome>;
  /** Decodes data once into a store, or brings one up to date; an interruption is told in the result. */
  prepareData(request: PrepareRequest, options?: VerbOptions): Promise<PrepareOutcome | StoppedPreparation>;
  /** Deals pictures out to train, val and test, and writes it down. */
  splitData(
    request: Omit<DataWithin<SplitRequest>, 'out'> & { readonly out?: string },
    options?: VerbOptions,
  ): Promise<SplitOutcome>;
  /** The project in this folder or above it; a folder that is named must hold one. */
  findProject(folder?: string): Promise<Project | undefined>;
  showProject(folder: string): Promise<ShownProject>;
  /** A project as one file, and back. */
  exportProject(request: ExportRequest, options?: VerbOptions): Promise<ExportOutcome>;
  openProjectFile(request: OpenProjectRequest, options?: VerbOptions): Promise<OpenedProject>;
  createProject(request: NewProjectRequest): Promise<Project>;
  addProjectData(
    request: { readonly project: string; readonly data: string; readonly name?: string },
    options?: VerbOptions,
  ): Promise<Project>;
  /** Fetches a data set by name; an interruption is told in the result. */
  fetchData(request: FetchRequest, options?: FetchOptions): Promise<FetchedData>;
  listSets(): ListedSet[];
  /** Draws pictures as training sees them. */
  augmentSheet(request: AugmentSheetRequest, options?: VerbOptions): Promise<AugmentSheet>;
  bench(request?: BenchRequest, options?: BenchOptions): Promise<BenchReport>;
  /** Writes a model for other programs, proved where such a program is at hand. */
  exportModel(request: ExportModelRequest, options?: VerbOptions): Promise<ExportedModel>;
  /** Writes a run as a folder for torchrun and schedulers. */
  exportTorchrun(request: TorchrunRequest & Within, options?: VerbOptions): Promise<TorchrunOutcome>;
  /** Writes an ONNX classifier as a model file of ours. */
  importModel(request: ImportRequest, options?: VerbOptions): Promise<ImportOutcome>;
  /** Named recipes, with their settings for each kind of data. */
  listRecipes(): readonly NamedRecipe[];
  /** What would be trained: nothing is. */
  showRecipe(request: ShowRecipeRequest, options?: VerbOptions): Promise<ShownRecipe>;
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
  const withRun = async <T extends { readonly run: string } & Within>(request: T): Promise<T> => ({
    ...request,
    run: await runOf(adapters, request.project, request.run),
  });
  return {
    train: (request, options) => trainWithin(adapters, request, options),
    test: (request, options) => testWithin(adapters, request, options),
    classify: async (request, options) => classifyFiles(adapters, await withRun(request), options),
    gatherReport: async (request, options) => reportWithin(adapters, await withRun(request), options),
    calibrate: async (request, options) => calibrateWithin(adapters, await withRun(request), options),
    sort: async (request, options) => sortPictures(adapters, await withRun(request), options),
    explain: async (request, options) => openExplaining(adapters, await withRun(request), options),
    label: async (request, options) => openLabelling(adapters, await withRun(request), options),
    readDecisions: (file, labelling) => readDecisions(adapters.storage, file, labelling),
    undoLabel: (request, options) => undoLabel(adapters, request, options),
    addLabelled: (request, options) => addWithin(adapters, request, options),
    runs: (query, request) => runsWithin(adapters, query, request),
    compareRuns: (request, options) => compareWithin(adapters, request, options),
    exportRun: (request) => exportRun(adapters, request),
    takeRun: async (request, options) => (await import('./moving/take-run.ts')).takeRun(adapters, request, options),
    bringRun: async (request, options) =>
      (await import('./moving/bring-here.ts')).bringRunHere(adapters, request, options),
    diagnoseRun: async (request) => diagnoseRun(adapters, await withRun(request)),
    findLearningRate: (request, options) => findRate(adapters, request, options),
    sweep: (request, options) => sweepWithin(adapters, request, options),
    reproduce: (request, options) => reproduceRun(adapters, request, options),
    showData: (nameOrPath, request) => showWithin(adapters, nameOrPath, request),
    examineData: (request, options) => examineWithin(adapters, request, options),
    suspectLabels: (request, options) => suspectsWithin(adapters, request, options),
    thumbnails: (data, origins, signal, request) => thumbnailsWithin(adapters, data, origins, { ...request, signal }),
    fixData: (request, options) => fixWithin(adapters, request, options),
    prepareData: (request, options) => prepareData(adapters, request, options),
    splitData: (request, options) => splitWithin(adapters, request, options),
    findProject: (folder) =>
      folder === undefined ? findProject(adapters.storage) : readProject(adapters.storage, folder),
    exportProject: (request, options) => exportProject(adapters, request, options),
    openProjectFile: (request, options) => openProjectFile(adapters, request, options),
    showProject: (folder) => showProject(adapters, folder),
    createProject: (request) => createProject(adapters, request),
    addProjectData: (request, options) => addProjectData(adapters, request, options),
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
    // Loaded when first needed: other commands start without them.
    exportModel: async (request, options) => (await import('./export.ts')).exportModel(adapters, request, options),
    exportTorchrun: (request, options) => exportTorchrunWithin(adapters, request, options),
    importModel: async (request, options) => (await import('./import.ts')).importModel(adapters, request, options),
    listRecipes: () => namedRecipes,
    showRecipe: (request, options) => showRecipe(adapters, request, options),
    listModels: () => presets.map(({ name, doc, minimumSize }) => ({ name, doc, minimumSize })),
    showModel: (request, options) => showModel(adapters, request, options),
    writeModel: (request, form) => writeModel(adapters, request, form),
    compareModels: (request, options) => compareModels(adapters, request, options),
    // Loaded when first needed: other verbs start without a layout of graphs.
    drawModel: async ({ name, model, summary }) => (await import('./picture/svg.ts')).modelSvg(model, summary, name),
    modelSchema,
  };
}
