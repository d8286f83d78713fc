/** The public API of `fovea/browser`: Fovea's engine in a page or a web worker. */
export { createEngine, type EngineOptions } from './engine.ts';
