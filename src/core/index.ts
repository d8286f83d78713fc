/** The public API of `fovea`: what runs anywhere. What needs files, pictures or threads of Node is in `fovea/node`. */

// Engine
export type { Engine, Program } from './backend/backend.ts';
// Using a trained model
export { type Classifier, createClassifier, type Preprocessing } from './classifier/classifier.ts';
export { type ClassifierSession, classify, openClassifier, type Prediction } from './classifier/classify.ts';
export { readClassifier, writeClassifier } from './classifier/file.ts';
export { readWeights } from './classifier/read-weights.ts';
export { createDataset, type DataSource, type Dataset, pictureAt, resized, subset } from './dataset/dataset.ts';
export { hashDataset } from './dataset/hash.ts';
export { copyPixels, memoryPixels, type Pixels } from './dataset/pixels.ts';
// Reading data from files, archives and bytes, wherever they come from
export { archiveTree } from './dataset/sources/archives.ts';
export type { Content, LabelledPicture, PictureSet } from './dataset/sources/content.ts';
export { readTree, type Understood } from './dataset/sources/recognise.ts';
export { type Entry, growFolder, type Tree } from './dataset/sources/tree.ts';
export { splitOff } from './dataset/split.ts';
// Errors
export { FoveaError } from './errors.ts';
export { type Evaluation, evaluate } from './evaluate/evaluate.ts';
// Explanations
export type { ValueArithmetic } from './explain/arithmetic.ts';
export { drawPanel, drawSheet } from './explain/draw/draw.ts';
export type { Unit } from './explain/layers.ts';
export { type Explanation, type Method, methods } from './explain/methods/index.ts';
export type { Panel } from './explain/panel.ts';
export { type Explainer, openExplainer } from './explain/session.ts';
// Models for other programs, and from them
export { exportOnnx, type OnnxOptions } from './export/onnx/export-onnx.ts';
export { exportPytorch, type PytorchExport } from './export/pytorch/export-pytorch.ts';
export { type ByteSource, blobSource, bytesSource } from './formats/byte-source.ts';
export { type Augmentation, type AugmentationStep, parseAugmentation } from './image/augmentation-spec.ts';
// Pictures and data
export type { Picture } from './image/picture.ts';
export { type Imported, type ImportOptions, importOnnx } from './import/onnx/import-onnx.ts';
// Models
export * from './model/builder.ts';
export { canonicalModel } from './model/canonical.ts';
export { findHead } from './model/head.ts';
export type { WeightReport } from './model/match-weights.ts';
export { applyMend, ModelError, type SpecChange, type SpecMend } from './model/mend.ts';
export type { OpenedWeights } from './model/opened-weights.ts';
export { buildPreset, type Preset, presets } from './model/presets/index.ts';
export { modelSchema } from './model/schema.ts';
export { parseShorthand, shorthandOf } from './model/shorthand.ts';
export {
  adapt,
  type LayerSpec,
  type ModelDraft,
  type ModelSpec,
  parseModelDraft,
  parseModelSpec,
  readModelDraft,
} from './model/spec.ts';
export { type LayerSummary, type ModelSummary, type ReceptiveField, summarize } from './model/summary.ts';
export { typescriptOf } from './model/typescript.ts';
export { hashWeights } from './model/weights.ts';
// Reading a training's record
export { gatherFacts } from './train/diagnosis/facts.ts';
export type { Finding } from './train/diagnosis/finding.ts';
export { diagnose } from './train/diagnosis/index.ts';
export type { Symptoms } from './train/diagnosis/signs.ts';
export type { TrainEvent } from './train/events.ts';
export { bestEpoch, type EpochRecord } from './train/history.ts';
export { NonFiniteError } from './train/non-finite.ts';
export type { OptimizerSpec, Recipe } from './train/recipe.ts';
export type { Stage } from './train/stages.ts';
export type { TelemetryRecord } from './train/telemetry.ts';
// The product's verbs
export type { Adapters } from './workbench/adapters.ts';
export type { FetchEvent, FetchedData, FetchOptions, FetchRequest } from './workbench/download.ts';
export type { Explaining, ExplainQuestion } from './workbench/explain.ts';
export type { PrepareOutcome, PrepareRequest, StoppedPreparation } from './workbench/prepare-data.ts';
export type { Storage } from './workbench/storage.ts';
// Training
export { type Trained, type TrainOptions, train } from './workbench/train-model.ts';
export { createWorkbench, type Workbench } from './workbench/workbench.ts';
