/** The public API of `fovea/node`: Fovea's engine, data and files on this machine. */
export { nodeAdapters } from './adapters.ts';
export { type DecodeOptions, decodeImage } from './codec.ts';
export { encodePng } from './encode.ts';
export { createEngine, type EngineOptions } from './engine.ts';
export { type DataDescription, describeData, type OpenDataOptions, openData, openPictures } from './open-data.ts';
export { fileStorage } from './storage.ts';
