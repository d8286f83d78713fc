/** The public API of `fovea/browser`: Fovea's engine and its trained models in a page or a web worker. */
export {
  type Answer,
  type ClassifierFile,
  type OpenClassifierFileOptions,
  openClassifierFile,
  type Prediction,
} from './classifier-file.ts';
export { createEngine, type EngineOptions } from './engine.ts';
